using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Target;
using Google.Protobuf;

namespace AutogradService.Fuzz.Mutation;

/// <summary>Valid calls of every method, on a session as <see cref="SessionSeed"/> makes it: what mutations start from.</summary>
internal static class SeedRequests
{
    private const ulong Out = SessionSeed.Free;

    /// <summary>Calls of a method, each a list of messages.</summary>
    /// <exception cref="InvalidOperationException">A method of the contract has none: it was forgotten.</exception>
    public static IReadOnlyList<IReadOnlyList<byte[]>> Of(RawMethod method, string session)
    {
        var calls = method.Path switch
        {
            "/grpc.health.v1.Health/Check" or "/grpc.health.v1.Health/Watch" => [[new global::Grpc.Health.V1.HealthCheckRequest { Service = "" }]],
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" => [[new global::Grpc.Reflection.V1.ServerReflectionRequest { ListServices = "" }, new global::Grpc.Reflection.V1.ServerReflectionRequest { FileContainingSymbol = "autograd.v1.AutogradService" }]],
            _ => method.Descriptor.Service.Name switch
            {
                "SessionService" => OfSessions(method.Descriptor.Name, session),
                "AutogradService" => OfAutograd(method.Descriptor.Name, session),
                "CatalogService" => OfCatalog(method.Descriptor.Name),
                "FunctionService" => OfFunctions(method.Descriptor.Name, session),
                _ => None,
            },
        };
        if (calls.Length == 0) throw new InvalidOperationException($"{method.Path} has no seed request: add one to {nameof(SeedRequests)}");
        return [.. calls.Select(static call => call.Select(static message => message.ToByteArray()).ToArray())];
    }

    private static IMessage[][] None => [];

    private static IMessage[][] OfCatalog(string name) => name switch
    {
        "GetServerInfo" => [[new Wire.GetServerInfoRequest()]],
        "ListOps" => [[new Wire.ListOpsRequest { NamePrefix = "add" }]],
        _ => None,
    };

    private static IMessage[][] OfSessions(string name, string id) => name switch
    {
        "CreateSession" => [[new Wire.CreateSessionRequest { DisplayName = "made", IdleTimeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 100, Nanos = 5 } }]],
        "GetSession" => [[new Wire.GetSessionRequest { SessionId = id }]],
        "ListSessions" => [[new Wire.ListSessionsRequest { PageSize = 2, PageToken = "1" }]],
        "RenewSession" => [[new Wire.RenewSessionRequest { SessionId = id }]],
        "DeleteSession" => [[new Wire.DeleteSessionRequest { SessionId = id }]],
        "GetUsage" => [[new Wire.GetUsageRequest { SessionId = id }]],
        _ => None,
    };

    private static IMessage[][] OfAutograd(string name, string id) => name switch
    {
        "CreateTensor" => [[new Wire.CreateTensorRequest { SessionId = id, Seq = 100, CreateTensor = new Wire.CreateTensor { Out = Out, RequiresGrad = true, Data = SessionSeed.Floats([2, 2], 1, 2, 3, 4) } }]],
        "UploadTensor" => [Upload(id)],
        "ApplyOp" =>
        [
            [new Wire.ApplyOpRequest { SessionId = id, Seq = 100, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, B = 2, Out = Out } }],
            [new Wire.ApplyOpRequest { SessionId = id, NoGrad = true, ApplyOp = new Wire.ApplyOp { Op = "mul", A = 10, IntegerScalar = 3, InPlace = true } }],
            [new Wire.ApplyOpRequest { SessionId = id, ApplyOp = WithAttributes() }],
        ],
        "Backward" => [[new Wire.BackwardRequest { SessionId = id, Backward = SampleCommands.Backward }]],
        "ComputeGradients" => [[new Wire.ComputeGradientsRequest { SessionId = id, ComputeGradients = SampleCommands.ComputeGradients }]],
        "ZeroGrads" => [[new Wire.ZeroGradsRequest { SessionId = id, ZeroGrads = new Wire.ZeroGrads { Tensors = { 1, 2 }, FillWithZeros = true } }]],
        "GetTensor" => [[new Wire.GetTensorRequest { SessionId = id, Tensor = 13 }]],
        "GetGrad" => [[new Wire.GetGradRequest { SessionId = id, Tensor = 1 }]],
        "DownloadTensor" => [[new Wire.DownloadTensorRequest { SessionId = id, Tensor = 5, ChunkBytes = 64, StartOffset = 64 }], [new Wire.DownloadTensorRequest { SessionId = id, Tensor = 1, Grad = true }]],
        "ListTensors" => [[new Wire.ListTensorsRequest { SessionId = id, PageSize = 3, PageToken = "2" }]],
        "ReleaseTensors" => [[new Wire.ReleaseTensorsRequest { SessionId = id, Handles = { 5, 6 } }]],
        "RunCommands" => [[Batch(id)], [new Wire.RunCommandsRequest { SessionId = id, FailFast = true, Commands = { SampleCommands.All(Out).Take(3) } }]],
        "Execute" => [Frames(id)],
        "Differentiate" => [[new Wire.DifferentiateRequest { SessionId = id, Differentiate = SampleCommands.Differentiate(Out) }]],
        "CheckGradients" => [[new Wire.CheckGradientsRequest { SessionId = id, CheckGradients = SampleCommands.CheckGradients }]],
        "GetGraph" => [[new Wire.GetGraphRequest { SessionId = id, DescribeGraph = new Wire.DescribeGraph { Roots = { 14 }, WithDot = true, WithSaved = true, MaxNodes = 10 } }]],
        _ => None,
    };

    private static IMessage[][] OfFunctions(string name, string id) => name switch
    {
        "RegisterFunction" => [[new Wire.RegisterFunctionRequest { Function = SessionSeed.Function }]],
        "CallFunction" => [.. Calls(id).Select(static call => new IMessage[] { new Wire.CallFunctionRequest { Call = call } })],
        "CallFunctions" => [[.. Calls(id).Select(static call => new Wire.CallFunctionsRequest { Calls = { call, new Wire.FunctionCall { Inputs = { call.Inputs } } } })]],
        "GetFunction" => [[new Wire.GetFunctionRequest { Function = "fuzz", Plan = Plan() }]],
        "ListFunctions" => [[new Wire.ListFunctionsRequest { PageSize = 1 }]],
        "DeleteFunction" => [[new Wire.DeleteFunctionRequest { Function = "fuzz" }]],
        "EstimateCost" =>
        [
            [new Wire.EstimateCostRequest { Function = "fuzz", Plan = Plan() }], [new Wire.EstimateCostRequest { Definition = SessionSeed.Function, Plan = Plan() }],
            [new Wire.EstimateCostRequest { Commands = new Wire.CommandBatch { SessionId = id, Commands = { SampleCommands.Costed(Out) } } }],
        ],
        "Train" => [Training(id, byStream: true), Training(id, byStream: false)],
        _ => None,
    };

    private static Wire.ApplyOp WithAttributes() => new()
    {
        Op = "sum.dim",
        Out = Out,
        Extra = new Wire.ApplyOpExtra
        {
            Operands = { new Wire.Operand { Handle = 1 } },
            Attributes =
            {
                new Wire.OpAttribute { Name = "dim", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { 0, -1 } } } },
                new Wire.OpAttribute { Name = "keepdim", Value = new Wire.AttributeValue { BoolValue = true } },
                new Wire.OpAttribute { Name = "dtype", Value = new Wire.AttributeValue { DtypeValue = Wire.DataType.Float64 } },
            },
        },
    };

    private static Wire.RunCommandsRequest Batch(string id) => new() { SessionId = id, Commands = { SampleCommands.All(Out) } };

    private static IMessage[] Frames(string id)
    {
        var frames = SampleCommands.All(Out).Chunk(7).Select(static chunk => new Wire.ExecuteRequest { Commands = { chunk } }).ToArray();
        frames[0].SessionId = id;
        ulong seq = 0;
        foreach (var command in frames.SelectMany(static frame => frame.Commands)) command.Seq = ++seq;
        return frames;
    }

    private static IMessage[] Upload(string id)
    {
        byte[] data = [.. Enumerable.Range(0, 64).Select(static i => (byte)i)];
        var parts = new List<IMessage> { new Wire.UploadTensorRequest { Opening = new Wire.UploadOpening { SessionId = id, Out = Out, RequiresGrad = true, Header = new Wire.TensorHeader { Dtype = Wire.DataType.Float32, Shape = { 4, 4 }, TotalBytes = 64 } } } };
        for (int at = 0; at < data.Length; at += 16)
        {
            byte[] piece = data[at..(at + 16)];
            parts.Add(new Wire.UploadTensorRequest { Chunk = new Wire.TensorChunk { Offset = (ulong)at, Crc32C = AutogradService.Server.Commands.Crc32C.Of(piece), Data = ByteString.CopyFrom(piece) } });
        }
        return [.. parts];
    }

    private static Wire.Argument Given(params float[] values) => new() { Data = SessionSeed.Floats([], values).Data };

    private static IEnumerable<Wire.FunctionCall> Calls(string id)
    {
        var x = Given(1, 2, 3, 4, 5, 6, 7, 8);
        var w = Given(1, 0, -1, 2);
        yield return new Wire.FunctionCall
        {
            Function = "fuzz",
            Wanted = new Wire.Wanted { Value = true, Grad = { "w" }, Vjp = { "x" }, Jvp = { "w" }, Hvp = { "x", "w" } },
            Inputs = { x, w },
            Cotangents = { Given(1), x },
            Tangents = { w },
            Vectors = { x, w },
            Seed = 3,
        };
        yield return new Wire.FunctionCall { Function = "fuzz", SessionId = id, Wanted = new Wire.Wanted { Value = true, Grad = { "w" } }, Inputs = { new Wire.Argument { Handle = 1, Dtype = Wire.DataType.Float32, Shape = { 3, 4 } }, new Wire.Argument { Handle = 2 } }, Out = { 0, Out } };
        yield return new Wire.FunctionCall
        {
            Function = "fuzz",
            SessionId = id,
            Wanted = new Wire.Wanted { Value = true, Grad = { "w" } },
            Inputs = { x, new Wire.Argument { Handle = 2 } },
            Update = new Wire.Update { Optimizer = new Wire.Optimizer { Adam = new Wire.Adam { Lr = 0.1, Amsgrad = true } }, State = new Wire.OptimizerState { Step = 40, Tensors = { 41, 42, 43 } }, Clipping = new Wire.GradientClipping { Norm = 1, Value = 2, NormType = 2 } },
        };
    }

    private static Wire.PlanRequest Plan() => new() { Sizes = { new Wire.SymbolSize { Symbol = "n", Size = 5 } }, Wanted = new Wire.Wanted { Value = true, Grad = { "w" }, Hvp = { "x" } } };

    private static IMessage[] Training(string id, bool byStream)
    {
        var setup = new Wire.TrainingSetup
        {
            SessionId = id,
            Function = "fuzz",
            Inputs = { byStream ? new Wire.TrainingInput { Batch = 0 } : new Wire.TrainingInput { Dataset = 1 }, new Wire.TrainingInput { Trained = 2 } },
            Optimizer = new Wire.Optimizer { Sgd = new Wire.Sgd { Lr = 0.01, Momentum = 0.9 } },
            State = new Wire.OptimizerState { Step = 50, Tensors = { 51 } },
            Schedule = new Wire.LearningRateSchedule { Step = new Wire.StepDecay { StepSize = 2, Gamma = 0.5 }, WarmUp = new Wire.LinearFactor { StartFactor = 0.1, TotalIters = 3 } },
            Clipping = new Wire.GradientClipping { Norm = 1 },
            Accumulate = 2,
            AverageAccumulated = true,
            StepsMax = 4,
            Seed = 5,
            ReportEvery = 1,
            WithGradientNorm = true,
        };
        if (!byStream) setup.Data = new Wire.TrainingData { BatchSize = 2, Epochs = 3, ShuffleSeed = 1 };
        var parts = new List<IMessage> { new Wire.TrainRequest { Setup = setup } };
        if (byStream)
            for (int i = 0; i < 8; i++) parts.Add(new Wire.TrainRequest { Batch = new Wire.TrainingBatch { Inputs = { Given(i, 1, 2, 3) } } });
        return [.. parts];
    }
}
