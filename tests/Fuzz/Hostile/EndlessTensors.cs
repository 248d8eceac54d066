using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Programs;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Tensors of 2^48 elements that are few bytes, because their strides are zero, through every op: whatever starts to go through them ends when its deadline has passed.</summary>
internal static class EndlessTensors
{
    private const int OpsASession = 25;
    private const ulong FirstOutput = 10_000;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly long[][] s_shapes = [[1L << 48], [1L << 46, 3], [3, 1L << 46], [2, 1L << 45, 2, 2], [1L << 24, 1L << 24]];
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
            if (given.Count == 0) return "no such tensor can be made";
            foreach (var op in some)
            {
                if (await TryAsync(invoker, session, op, given, random, tally) is { } fault)
                {
                    faults.Add($"{op.Name}: {fault}");
                    // It may never come back.
                    session = await SessionSeed.OpenAsync(invoker);
                    given = await MakeAsync(invoker, session);
                }
                if (server.Log.Take() is [var error, ..]) faults.Add(error);
            }
            await SessionSeed.CloseAsync(invoker, session);
        }
        if (faults.Count > 0) return string.Join('\n', faults);
        return await new RestOracle(server).SettleAsync() ?? await new Canary(server.Connect()).SingAsync();
    }

    private static async Task<List<ulong>> MakeAsync(CallInvoker invoker, string session)
    {
        var request = new Wire.RunCommandsRequest { SessionId = session };
        ulong handle = 100;
        foreach (long[] shape in s_shapes)
            foreach (var dtype in s_dtypes)
            {
                var extra = new Wire.ApplyOpExtra { RequiresGrad = dtype == Wire.DataType.Float32 };
                extra.Attributes.Add(new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { shape } } } });
                extra.Attributes.Add(new Wire.OpAttribute { Name = "stride", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { new long[shape.Length] } } } });
                extra.Attributes.Add(new Wire.OpAttribute { Name = "dtype", Value = new Wire.AttributeValue { DtypeValue = dtype } });
                request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "empty_strided", Out = handle++, Extra = extra } });
            }
        var response = Wire.RunCommandsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(invoker, "AutogradService/RunCommands", request));
        return [.. response.Results.Where(static r => r.Error is null).Select(static r => r.Outputs.Tensors[0].Handle)];
    }

    private static async Task<string?> TryAsync(CallInvoker invoker, string session, Wire.OpSchema op, List<ulong> given, Random random, Tally tally)
    {
        ulong family = given[random.Next(given.Count)];
        var extra = new Wire.ApplyOpExtra();
        foreach (var parameter in op.Parameters)
        {
            ulong handle = random.Next(4) switch { 0 => given[random.Next(given.Count)], 1 => (ulong)random.Next(1, SessionSeed.Tensors + 1), _ => family };
            if (parameter.Kind is Wire.ParameterKind.Tensor or Wire.ParameterKind.Operand) extra.Operands.Add(new Wire.Operand { Handle = handle });
            else if (parameter.Kind == Wire.ParameterKind.TensorList) extra.Operands.Add(new Wire.Operand { List = new Wire.HandleList { Handles = { family, handle } } });
            else if (parameter.DefaultValue is null && !parameter.Optional) extra.Attributes.Add(new Wire.OpAttribute { Name = parameter.Name, Value = Attributes.For(parameter, random) });
        }
        var call = new Wire.ApplyOp { Op = op.Name, Extra = extra, InPlace = op.CanInPlace && random.Next(4) == 0, Out = FirstOutput };
        if (call.InPlace) call.Out = 0;
        for (int k = 1; k < op.Outputs.Count; k++) extra.Outputs.Add(FirstOutput + (ulong)k);
        var request = new Wire.RunCommandsRequest { SessionId = session };
        request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = call });
        var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
        var answer = await RawCalls.SendAsync(invoker, run, [request.ToByteArray()], s_deadline);
        if (answer.Code == StatusCode.DeadlineExceeded) tally.Count("op that ran into its deadline", op.Name);
        else if (AnswerOracle.Check(run, answer, tally) is { } fault) return $"{fault}, to {call}";
        // The session's turn is free again.
        var next = new Wire.RunCommandsRequest { SessionId = session };
        next.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { FirstOutput, extra.Outputs } } });
        next.Commands.Add(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() });
        answer = await RawCalls.SendAsync(invoker, run, [next.ToByteArray()], s_patience);
        return answer.Code == StatusCode.OK ? null : $"goes on {s_patience.TotalSeconds} s after its deadline, or {answer.Code} {answer.Text}: {call}";
    }
}
