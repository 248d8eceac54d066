using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Tensors of 2^48 elements that are few bytes, because their strides are zero, through every op: whatever starts to go through them ends when its deadline has passed.</summary>
internal static class EndlessTensors
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly long[][] s_shapes = [[1L << 48], [1L << 46, 3], [3, 1L << 46], [2, 1L << 45, 2, 2], [1L << 24, 1L << 24]];

    /// <summary>Runs every op of the catalogue.</summary>
    public static Task<string?> RunAsync(Tally tally) => OpSweep.RunAsync(tally, s_shapes, Make, TryAsync, renews: true);

    private static Wire.Command Make(long[] shape, Wire.DataType dtype, ulong handle)
    {
        var extra = new Wire.ApplyOpExtra { RequiresGrad = dtype == Wire.DataType.Float32 };
        extra.Attributes.Add(new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { shape } } } });
        extra.Attributes.Add(new Wire.OpAttribute { Name = "stride", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { new long[shape.Length] } } } });
        extra.Attributes.Add(new Wire.OpAttribute { Name = "dtype", Value = new Wire.AttributeValue { DtypeValue = dtype } });
        return new Wire.Command { WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "empty_strided", Out = handle, Extra = extra } };
    }

    private static async Task<string?> TryAsync(OpSweep sweep, Wire.OpSchema op)
    {
        var call = sweep.CallOf(op, optional: false);
        var request = sweep.Batch();
        request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = call });
        var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
        var answer = await RawCalls.SendAsync(sweep.Invoker, run, [request.ToByteArray()], s_deadline);
        if (answer.Code == StatusCode.DeadlineExceeded) sweep.Tally.Count("op that ran into its deadline", op.Name);
        else if (AnswerOracle.Check(run, answer, sweep.Tally) is { } fault) return $"{fault}, to {call}";
        // The session's turn is free again.
        var next = sweep.Batch();
        next.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { OpSweep.FirstOutput, call.Extra.Outputs } } });
        next.Commands.Add(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() });
        answer = await RawCalls.SendAsync(sweep.Invoker, run, [next.ToByteArray()], s_patience);
        return answer.Code == StatusCode.OK ? null : $"goes on {s_patience.TotalSeconds} s after its deadline, or {answer.Code} {answer.Text}: {call}";
    }
}
