using System.Runtime.InteropServices;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Cases;

/// <summary>What every attacked session starts with, so that a case can be sent again: a few tensors of different dtypes and shapes, a graph, and one poisoned handle.</summary>
internal static class SessionSeed
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Handles that stand for tensors afterwards, from 1.</summary>
    public const int Tensors = 14;

    /// <summary>A handle that stands for a failure.</summary>
    public const ulong Poisoned = 15;

    /// <summary>A handle that was released.</summary>
    public const ulong Released = 16;

    /// <summary>The first free one.</summary>
    public const ulong Free = 17;

    /// <summary>A function that is registered for every case.</summary>
    public static Wire.Function Function { get; } = new()
    {
        DisplayName = "fuzz",
        Parameters =
        {
            new Wire.FunctionParameter { Name = "x", Handle = 1, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Symbol = "n" }, new Wire.Dimension { Fixed = 4 } } },
            new Wire.FunctionParameter { Name = "w", Handle = 2, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Fixed = 4 } } },
        },
        Steps =
        {
            new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "mul", A = 1, B = 2, Out = 3 } },
            new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "sum", A = 3, Out = 4 } },
        },
        Results = { new Wire.FunctionResult { Name = "loss", Handle = 4 }, new Wire.FunctionResult { Handle = 3 } },
    };

    /// <summary>Makes a session with those tensors.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> OpenAsync(CallInvoker invoker)
    {
        var made = Wire.CreateSessionResponse.Parser.ParseFrom(await CallAsync(invoker, "SessionService/CreateSession", new Wire.CreateSessionRequest { DisplayName = "fuzz" }));
        string id = made.Session.SessionId;
        var request = new Wire.RunCommandsRequest { SessionId = id };
        request.Commands.Add(Commands());
        await CallAsync(invoker, "AutogradService/RunCommands", request);
        await CallAsync(invoker, "FunctionService/RegisterFunction", new Wire.RegisterFunctionRequest { Function = Function });
        return id;
    }

    /// <summary>Ends a session.</summary>
    public static Task CloseAsync(CallInvoker invoker, string id) => CallAsync(invoker, "SessionService/DeleteSession", new Wire.DeleteSessionRequest { SessionId = id });

    /// <summary>A call that is to succeed.</summary>
    public static async Task<byte[]> CallAsync(CallInvoker invoker, string method, IMessage request)
    {
        var answer = await RawCalls.SendAsync(invoker, RawMethod.Of("/autograd.v1." + method), [request.ToByteArray()], s_patience);
        return answer.Code == StatusCode.OK ? answer.Messages[0] : throw new InvalidOperationException($"{method}: {answer.Code} {answer.Text}");
    }

    public static Wire.TensorData Floats(long[] shape, params float[] values) => new() { Dtype = Wire.DataType.Float32, Shape = { shape }, Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };

    public static Wire.TensorData Bytes(Wire.DataType dtype, long[] shape, params byte[] bytes) => new() { Dtype = dtype, Shape = { shape }, Data = ByteString.CopyFrom(bytes) };

    private static IEnumerable<Wire.Command> Commands()
    {
        yield return new Wire.Command { SeedRandom = new Wire.SeedRandom { Seed = 1 } };
        yield return Create(1, Floats([3, 4], 1, -2, 3, 0.5f, 5, 6, -7, 8, 9, 10, 0.1f, -12), true);
        yield return Create(2, Floats([4], 0.5f, 1.5f, -1, 2), true);
        yield return Create(3, Floats([4, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), true);
        yield return Create(4, Floats([], 2.5f), true);
        yield return Create(5, Floats([2, 3, 4, 4], [.. Enumerable.Range(0, 96).Select(static i => MathF.Sin(i))]), false);
        yield return Create(6, Bytes(Wire.DataType.Int64, [3], 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), false);
        yield return Create(7, Bytes(Wire.DataType.Bool, [3, 4], 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1), false);
        yield return Create(8, Bytes(Wire.DataType.Float64, [2, 2], [.. new double[] { 2, 1, 1, 3 }.SelectMany(BitConverter.GetBytes)]), true);
        yield return Create(9, Bytes(Wire.DataType.Float16, [4], 0, 60, 0, 64, 0, 188, 255, 127), true);
        yield return Create(10, Bytes(Wire.DataType.Uint8, [2, 2], 0, 1, 254, 255), false);
        yield return Create(11, Floats([0, 4]), false);
        yield return Create(12, Floats([4, 4], [.. Enumerable.Range(0, 16).Select(static i => i % 5 == 0 ? 4f : i * 0.1f)]), true);
        yield return Op("mul", 13, 1, 2);
        yield return Op("sum", 14, 13, 0);
        yield return Op("mul", Poisoned, 1, 3);
        yield return Op("neg", Released, 1, 0);
        yield return new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { Released } } };
    }

    private static Wire.Command Create(ulong handle, Wire.TensorData data, bool requiresGrad) => new() { CreateTensor = new Wire.CreateTensor { Out = handle, RequiresGrad = requiresGrad, Data = data } };

    private static Wire.Command Op(string op, ulong handle, ulong a, ulong b) => new() { ApplyOp = new Wire.ApplyOp { Op = op, Out = handle, A = a, B = b } };
}
