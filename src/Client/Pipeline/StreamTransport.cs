using System.Diagnostics;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>Frames through Execute, bounded by the server's credit; answers come in their own task.</summary>
internal sealed class StreamTransport : Transport
{
    private static readonly Method<Frame, Wire.ExecuteResponse> s_execute = new(
        MethodType.DuplexStreaming, "autograd.v1.AutogradService", "Execute", Frame.Marshaller,
        Marshallers.Create<Wire.ExecuteResponse>(static (_, _) => throw new NotSupportedException("answers are only received"), static context => Wire.ExecuteResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private readonly CallInvoker _invoker;
    private readonly Lock _lock = new();
    private readonly long _bytesMax;
    private readonly int _commandsMax;
    private AsyncDuplexStreamingCall<Frame, Wire.ExecuteResponse>? _call;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private long _commands;
    private long _bytes;

    public StreamTransport(CallInvoker invoker, Wire.ServerLimits limits, int frameCommandsMax)
    {
        _invoker = invoker;
        _commands = (long)limits.StreamCreditCommands;
        _bytes = (long)limits.StreamCreditBytes;
        // Two frames at least fit into the credit, so that one can be written while another runs.
        _commandsMax = (int)Math.Clamp(_commands / 2, 1, Math.Min((long)limits.BatchCommandsMax, frameCommandsMax));
        _bytesMax = Math.Min(_bytes, (long)limits.MessageBytesMax);
    }

    public override bool NamesSessionInEveryFrame => false;

    public override int FrameCommandsMax => _commandsMax;

    public override long FrameBytesMax => _bytesMax;

    public override void Start(Pipeline pipeline)
    {
        // It belongs to no span of its client's: its frames do.
        var span = Activity.Current;
        Activity.Current = null;
        _call = _invoker.AsyncDuplexStreamingCall(s_execute, null, default);
        Activity.Current = span;
        _reading = Task.Run(() => ReadAsync(pipeline, _call.ResponseStream));
    }

    public override async Task SendAsync(Frame frame, CancellationToken cancellation)
    {
        while (!TryTake(frame, out var room)) await room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _call!.RequestStream.WriteAsync(frame, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The answers' end tells why.
            await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(2), cancellation)).ConfigureAwait(false);
            throw e as RpcException ?? new RpcException(new Status(StatusCode.Unavailable, e.Message));
        }
    }

    public override async Task CompleteAsync()
    {
        await _call!.RequestStream.CompleteAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    public override void Abort() => _call?.Dispose();

    private bool TryTake(Frame frame, out Task room)
    {
        lock (_lock)
        {
            room = Task.CompletedTask;
            if (_commands >= frame.Commands && _bytes >= frame.Length)
            {
                _commands -= frame.Commands;
                _bytes -= frame.Length;
                return true;
            }
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
            return false;
        }
    }

    private async Task ReadAsync(Pipeline pipeline, IAsyncStreamReader<Wire.ExecuteResponse> responses)
    {
        try
        {
            while (await responses.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                var response = responses.Current;
                lock (_lock)
                {
                    _commands += (long)response.CreditCommands;
                    _bytes += (long)response.CreditBytes;
                    _room?.TrySetResult();
                    _room = null;
                }
                pipeline.Receive(response.Results, response.AcknowledgedSeq);
            }
            pipeline.End();
        }
        catch (RpcException e)
        {
            pipeline.Break(e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            pipeline.Break(new RpcException(new Status(StatusCode.Unavailable, e.Message, e)));
        }
    }
}
