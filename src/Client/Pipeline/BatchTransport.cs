using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>Each frame through RunCommands, one after another.</summary>
internal sealed class BatchTransport(CallInvoker invoker, Wire.ServerLimits limits, int frameCommandsMax) : Transport
{
    private static readonly Method<Frame, Wire.RunCommandsResponse> s_runCommands = new(
        MethodType.Unary, "autograd.v1.AutogradService", "RunCommands", Frame.Marshaller,
        Marshallers.Create<Wire.RunCommandsResponse>(static (_, _) => throw new NotSupportedException("answers are only received"), static context => Wire.RunCommandsResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private Pipeline? _pipeline;

    public override bool NamesSessionInEveryFrame => true;

    public override int FrameCommandsMax => (int)Math.Min(limits.BatchCommandsMax, (uint)frameCommandsMax);

    public override long FrameBytesMax => (long)limits.MessageBytesMax;

    public override void Start(Pipeline pipeline) => _pipeline = pipeline;

    public override async Task SendAsync(Frame frame, CancellationToken cancellation)
    {
        var response = await invoker.AsyncUnaryCall(s_runCommands, null, new CallOptions(cancellationToken: cancellation), frame).ResponseAsync.ConfigureAwait(false);
        _pipeline!.Receive(response.Results, frame.LastSeq);
    }
}
