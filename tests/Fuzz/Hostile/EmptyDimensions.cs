using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Programs;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Tensors without elements and with dimensions of 2^40 and more, through every op: nothing may overflow, loop over what is not there, or make what it cannot hold.</summary>
internal static class EmptyDimensions
{
    private const int TriesEach = 16;
    private const int OpsASession = 25;
    private const ulong FirstOutput = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly long[][] s_shapes = [[1L << 40, 0], [0, 1L << 40], [1L << 31, 0, 4], [3, 1L << 40, 0, 5], [1L << 62, 0], [2, 0, 1L << 33, 1L << 33]];
    private static readonly Wire.DataType[] s_dtypes = [Wire.DataType.Float32, Wire.DataType.Int64, Wire.DataType.Bool];

    /// <summary>Runs every op of the catalogue.</summary>
    public static async Task<string?> RunAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var invoker = server.Channel.CreateCallInvoker();
        var ops = Wire.ListOpsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(invoker, "CatalogService/ListOps", new Wire.ListOpsRequest())).Ops;
        var random = new Random(1);
        var faults = new List<string>();
        foreach (var some in ops.Chunk(OpsASession))
        {
            string session = await SessionSeed.OpenAsync(invoker);
            var given = await MakeAsync(invoker, session);
            if (given.Count == 0) return "no tensor of such a shape can be made";
            foreach (var op in some)
            {
                // All that is wrong: one op's fault should not hide another's.
                if (await TryAsync(invoker, session, op, given, random, tally) is { } fault) faults.Add($"{op.Name}: {fault}");
                if (server.Log.Take() is [var error, ..]) faults.Add(error);
            }
            await SessionSeed.CloseAsync(invoker, session);
        }
        if (faults.Count > 0) return string.Join('\n', faults);
        return await new RestOracle(server).SettleAsync() ?? await new Canary(server.Connect()).SingAsync();
    }

    // Those of these shapes that the server takes.
    private static async Task<List<ulong>> MakeAsync(CallInvoker invoker, string session)
    {
        var request = new Wire.RunCommandsRequest { SessionId = session };
        ulong handle = 100;
        foreach (long[] shape in s_shapes)
            foreach (var dtype in s_dtypes)
                request.Commands.Add(new Wire.Command { WantResult = true, CreateTensor = new Wire.CreateTensor { Out = handle++, RequiresGrad = dtype == Wire.DataType.Float32, Data = new Wire.TensorData { Dtype = dtype, Shape = { shape } } } });
        var response = Wire.RunCommandsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(invoker, "AutogradService/RunCommands", request));
        return [.. response.Results.Where(static r => r.Error is null).Select(static r => r.Outputs.Tensors[0].Handle)];
    }

    private static async Task<string?> TryAsync(CallInvoker invoker, string session, Wire.OpSchema op, List<ulong> given, Random random, Tally tally)
    {
        for (int i = 0; i < TriesEach; i++)
        {
            ulong family = given[random.Next(given.Count)];
            var extra = new Wire.ApplyOpExtra();
            foreach (var parameter in op.Parameters)
            {
                // Now and then an ordinary tensor beside it.
                ulong handle = random.Next(4) switch { 0 => given[random.Next(given.Count)], 1 => (ulong)random.Next(1, SessionSeed.Tensors + 1), _ => family };
                if (parameter.Kind is Wire.ParameterKind.Tensor or Wire.ParameterKind.Operand) extra.Operands.Add(new Wire.Operand { Handle = handle });
                else if (parameter.Kind == Wire.ParameterKind.TensorList) extra.Operands.Add(new Wire.Operand { List = new Wire.HandleList { Handles = { family, handle } } });
                else if (parameter.DefaultValue is null && !parameter.Optional || random.Next(3) == 0) extra.Attributes.Add(new Wire.OpAttribute { Name = parameter.Name, Value = Attributes.For(parameter, random) });
            }
            var call = new Wire.ApplyOp { Op = op.Name, Extra = extra, InPlace = op.CanInPlace && random.Next(4) == 0, Out = FirstOutput };
            if (call.InPlace) call.Out = 0;
            for (int k = 1; k < op.Outputs.Count; k++) extra.Outputs.Add(FirstOutput + (ulong)k);
            var request = new Wire.RunCommandsRequest { SessionId = session };
            request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = call });
            request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "sum", A = FirstOutput, Out = FirstOutput + 100 } });
            request.Commands.Add(new Wire.Command { WantResult = true, Backward = new Wire.Backward { Roots = { FirstOutput + 100 } } });
            request.Commands.Add(new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = FirstOutput } });
            request.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { FirstOutput, FirstOutput + 100, extra.Outputs } } });
            request.Commands.Add(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() });
            var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
            var answer = await RawCalls.SendAsync(invoker, run, [request.ToByteArray()], s_patience);
            if (answer.Code == StatusCode.DeadlineExceeded) return $"takes more than {s_patience.TotalSeconds} s: {call}";
            if (AnswerOracle.Check(run, answer, tally) is { } fault) return $"{fault}, to {call}";
            if (answer.Code != StatusCode.OK) return $"{answer.Code} {answer.Text}, to {call}";
            if (Wire.RunCommandsResponse.Parser.ParseFrom(answer.Messages[0]).Results[0].Error is null) tally.Count("op of an empty shape", op.Name);
        }
        return null;
    }
}
