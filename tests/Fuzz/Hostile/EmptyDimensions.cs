using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Tensors without elements and with dimensions of 2^40 and more, through every op: nothing may overflow, loop over what is not there, or make what it cannot hold.</summary>
internal static class EmptyDimensions
{
    private const int TriesEach = 16;
    private const ulong Sum = OpSweep.FirstOutput + 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly long[][] s_shapes = [[1L << 40, 0], [0, 1L << 40], [1L << 31, 0, 4], [1L << 40, 0, 0], [3, 1L << 40, 0, 5], [1L << 62, 0], [2, 0, 1L << 33, 1L << 33]];

    /// <summary>Runs every op of the catalogue.</summary>
    public static Task<string?> RunAsync(Tally tally) => OpSweep.RunAsync(tally, s_shapes, Make, TryAsync, renews: false);

    private static Wire.Command Make(long[] shape, Wire.DataType dtype, ulong handle) =>
        new() { WantResult = true, CreateTensor = new Wire.CreateTensor { Out = handle, RequiresGrad = dtype == Wire.DataType.Float32, Data = new Wire.TensorData { Dtype = dtype, Shape = { shape } } } };

    private static async Task<string?> TryAsync(OpSweep sweep, Wire.OpSchema op)
    {
        for (int i = 0; i < TriesEach; i++)
        {
            var call = sweep.CallOf(op, optional: true);
            var request = sweep.Batch();
            request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = call });
            request.Commands.Add(new Wire.Command { WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "sum", A = OpSweep.FirstOutput, Out = Sum } });
            request.Commands.Add(new Wire.Command { WantResult = true, Backward = new Wire.Backward { Roots = { Sum } } });
            request.Commands.Add(new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = OpSweep.FirstOutput } });
            request.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { OpSweep.FirstOutput, Sum, call.Extra.Outputs } } });
            request.Commands.Add(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() });
            var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
            var answer = await RawCalls.SendAsync(sweep.Invoker, run, [request.ToByteArray()], s_patience);
            if (answer.Code == StatusCode.DeadlineExceeded) return $"takes more than {s_patience.TotalSeconds} s: {call}";
            if (AnswerOracle.Check(run, answer, sweep.Tally) is { } fault) return $"{fault}, to {call}";
            if (answer.Code != StatusCode.OK) return $"{answer.Code} {answer.Text}, to {call}";
            if (Wire.RunCommandsResponse.Parser.ParseFrom(answer.Messages[0]).Results[0].Error is null) sweep.Tally.Count("op of an empty shape", op.Name);
        }
        return null;
    }
}
