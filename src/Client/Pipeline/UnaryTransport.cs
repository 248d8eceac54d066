using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>Each command through the unary call that is meant for it, one after another: what a simple client does.</summary>
internal sealed class UnaryTransport(Wire.AutogradService.AutogradServiceClient calls, string sessionId, Wire.ServerLimits limits) : Transport
{
    private Pipeline? _pipeline;

    public override bool NamesSessionInEveryFrame => false;

    public override int FrameCommandsMax => 1;

    public override long FrameBytesMax => (long)limits.MessageBytesMax;

    public override void Start(Pipeline pipeline) => _pipeline = pipeline;

    public override async Task SendAsync(Frame frame, CancellationToken cancellation)
    {
        foreach (var command in Wire.ExecuteRequest.Parser.ParseFrom(frame.Bytes).Commands)
        {
            Wire.CommandResult? result;
            try
            {
                result = await CallAsync(command, cancellation).ConfigureAwait(false);
            }
            catch (RpcException e) when (e.StatusCode is not (StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unauthenticated or StatusCode.PermissionDenied))
            {
                result = new Wire.CommandResult { Error = Failure.StatusOf(e) };
            }
            if (result is not null) result.Seq = command.Seq;
            _pipeline!.Receive(result is null ? [] : [result], command.Seq);
        }
    }

    private async Task<Wire.CommandResult?> CallAsync(Wire.Command command, CancellationToken cancellation)
    {
        ulong seq = command.Seq;
        switch (command.ActionCase)
        {
            case Wire.Command.ActionOneofCase.ApplyOp:
                var applied = await calls.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = sessionId, Seq = seq, NoGrad = command.NoGrad, InferenceMode = command.InferenceMode, ApplyOp = command.ApplyOp }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Outputs = new Wire.Outputs { Tensors = { applied.Outputs } } };
            case Wire.Command.ActionOneofCase.CreateTensor:
                var made = await calls.CreateTensorAsync(new Wire.CreateTensorRequest { SessionId = sessionId, Seq = seq, CreateTensor = command.CreateTensor }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Outputs = new Wire.Outputs { Tensors = { made.Tensor } } };
            case Wire.Command.ActionOneofCase.Backward:
                await calls.BackwardAsync(new Wire.BackwardRequest { SessionId = sessionId, Seq = seq, Backward = command.Backward }, cancellationToken: cancellation).ConfigureAwait(false);
                return null;
            case Wire.Command.ActionOneofCase.ComputeGradients:
                var gradients = await calls.ComputeGradientsAsync(new Wire.ComputeGradientsRequest { SessionId = sessionId, Seq = seq, ComputeGradients = command.ComputeGradients }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Gradients = new Wire.Gradients { Gradients_ = { gradients.Gradients } } };
            case Wire.Command.ActionOneofCase.ZeroGrads:
                await calls.ZeroGradsAsync(new Wire.ZeroGradsRequest { SessionId = sessionId, Seq = seq, ZeroGrads = command.ZeroGrads }, cancellationToken: cancellation).ConfigureAwait(false);
                return null;
            case Wire.Command.ActionOneofCase.ReadTensor:
                var read = await calls.GetTensorAsync(new Wire.GetTensorRequest { SessionId = sessionId, Tensor = command.ReadTensor.Tensor }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Tensor = read.Data };
            case Wire.Command.ActionOneofCase.ReadGrad:
                var grad = await calls.GetGradAsync(new Wire.GetGradRequest { SessionId = sessionId, Tensor = command.ReadGrad.Tensor }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Grad = grad.Grad };
            case Wire.Command.ActionOneofCase.Describe:
                var described = await calls.GetTensorAsync(new Wire.GetTensorRequest { SessionId = sessionId, Tensor = command.Describe.Tensor, MetadataOnly = true }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Metadata = described.Metadata };
            case Wire.Command.ActionOneofCase.DescribeGraph:
                var graph = await calls.GetGraphAsync(new Wire.GetGraphRequest { SessionId = sessionId, DescribeGraph = command.DescribeGraph }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Graph = graph.Graph };
            case Wire.Command.ActionOneofCase.Differentiate:
                var derivatives = await calls.DifferentiateAsync(new Wire.DifferentiateRequest { SessionId = sessionId, Seq = seq, Differentiate = command.Differentiate }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { Outputs = new Wire.Outputs { Tensors = { derivatives.Outputs } } };
            case Wire.Command.ActionOneofCase.CheckGradients:
                var check = await calls.CheckGradientsAsync(new Wire.CheckGradientsRequest { SessionId = sessionId, CheckGradients = command.CheckGradients }, cancellationToken: cancellation).ConfigureAwait(false);
                return new Wire.CommandResult { GradientCheck = check.GradientCheck };
            case Wire.Command.ActionOneofCase.ReleaseTensors:
                await calls.ReleaseTensorsAsync(new Wire.ReleaseTensorsRequest { SessionId = sessionId, Seq = seq, Handles = { command.ReleaseTensors.Handles } }, cancellationToken: cancellation).ConfigureAwait(false);
                return null;
            default: // has no unary call of its own
                var batch = await calls.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = sessionId, Commands = { command } }, cancellationToken: cancellation).ConfigureAwait(false);
                return batch.Results.Count > 0 ? batch.Results[0] : null;
        }
    }
}
