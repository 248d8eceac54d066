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
    private readonly string _sessionId;
    private readonly long _creditCommands;
    private readonly long _creditBytes;
    private Pipeline? _pipeline;
    private Stream? _stream;

    public StreamTransport(CallInvoker invoker, string sessionId, Wire.ServerLimits limits, uint keptResultsMax, int frameCommandsMax)
    {
        _invoker = invoker;
        _sessionId = sessionId;
        // The server can answer again only what it keeps answers to: no more is under way than that.
        _creditCommands = Math.Min((long)limits.StreamCreditCommands, keptResultsMax == 0 ? long.MaxValue : keptResultsMax);
        _creditBytes = (long)limits.StreamCreditBytes;
        // Two frames at least fit into the credit, so that one can be written while another runs.
        FrameCommandsMax = (int)Math.Clamp(_creditCommands / 2, 1, Math.Min((long)limits.BatchCommandsMax, frameCommandsMax));
        FrameBytesMax = Math.Min(_creditBytes, (long)limits.MessageBytesMax);
    }

    public override bool NamesSessionInEveryFrame => false;

    public override int FrameCommandsMax { get; }

    public override long FrameBytesMax { get; }

    public override void Start(Pipeline pipeline)
    {
        _pipeline = pipeline;
        _stream = Open();
    }

    public override async Task ReopenAsync(CancellationToken cancellation)
    {
        _stream!.Dispose();
        _stream = Open();
        // An answer to the opening shows that the session is still there.
        await _stream.SendAsync(Opening(), cancellation).ConfigureAwait(false);
        await _stream.Answered.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public override async Task SendAsync(Frame frame, CancellationToken cancellation)
    {
        if (!_stream!.IsOpened) await _stream.SendAsync(Opening(), cancellation).ConfigureAwait(false);
        await _stream.SendAsync(frame, cancellation).ConfigureAwait(false);
    }

    public override Task CompleteAsync() => _stream!.CompleteAsync();

    public override void Abort() => _stream?.Dispose();

    private Stream Open()
    {
        // It belongs to no span of its client's: its frames do.
        var span = Activity.Current;
        Activity.Current = null;
        var call = _invoker.AsyncDuplexStreamingCall(s_execute, null, default);
        Activity.Current = span;
        return new Stream(this, call, _creditCommands, _creditBytes);
    }

    private Frame Opening()
    {
        var frame = new Frame();
        frame.AppendSession(_sessionId);
        return frame;
    }

    /// <summary>One call of Execute: what has been sent by it, and what it may still have under way.</summary>
    private sealed class Stream : IDisposable
    {
        private readonly StreamTransport _transport;
        private readonly AsyncDuplexStreamingCall<Frame, Wire.ExecuteResponse> _call;
        private readonly Lock _lock = new();
        private readonly Queue<ulong> _unanswered = new();
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _reading;
        private TaskCompletionSource? _room;
        private long _commands;
        private long _bytes;

        public Stream(StreamTransport transport, AsyncDuplexStreamingCall<Frame, Wire.ExecuteResponse> call, long commands, long bytes)
        {
            _transport = transport;
            _call = call;
            _commands = commands;
            _bytes = bytes;
            // Nobody may be waiting for an answer.
            _ = _answered.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _reading = Task.Run(ReadAsync);
        }

        /// <summary>Whether the session has been named.</summary>
        public bool IsOpened { get; private set; }

        /// <summary>Completes with the first answer.</summary>
        public Task Answered => _answered.Task;

        public async Task SendAsync(Frame frame, CancellationToken cancellation)
        {
            while (!TryTake(frame, out var room)) await room.WaitAsync(cancellation).ConfigureAwait(false);
            IsOpened = true;
            try
            {
                await _call.RequestStream.WriteAsync(frame, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (Resumption.LossOf(e) is { } loss)
            {
                // The answers' end tells why.
                await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(2), cancellation)).ConfigureAwait(false);
                throw loss;
            }
        }

        public async Task CompleteAsync()
        {
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            await _reading.ConfigureAwait(false);
        }

        public void Dispose() => _call.Dispose();

        private bool TryTake(Frame frame, out Task room)
        {
            lock (_lock)
            {
                room = Task.CompletedTask;
                if (_commands >= frame.Commands && _bytes >= frame.Length)
                {
                    _commands -= frame.Commands;
                    _bytes -= frame.Length;
                    _unanswered.Enqueue(frame.LastSeq);
                    return true;
                }
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
                return false;
            }
        }

        private async Task ReadAsync()
        {
            var pipeline = _transport._pipeline!;
            try
            {
                while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false)) Take(pipeline, _call.ResponseStream.Current);
                Lose(pipeline, new RpcException(new Status(StatusCode.Unavailable, "the server ended the stream")));
            }
            catch (RpcException e)
            {
                Lose(pipeline, e);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                Lose(pipeline, new RpcException(new Status(StatusCode.Unavailable, e.Message, e)));
            }
        }

        private void Take(Pipeline pipeline, Wire.ExecuteResponse response)
        {
            // What the server has applied in all may be more: of what an earlier stream sent, whose answers are still to come.
            ulong acknowledged = 0;
            lock (_lock)
            {
                _commands += (long)response.CreditCommands;
                _bytes += (long)response.CreditBytes;
                for (uint i = 0; i < response.Frames && _unanswered.TryDequeue(out ulong seq); i++) acknowledged = seq;
                _room?.TrySetResult();
                _room = null;
            }
            pipeline.Receive(response.Results, acknowledged);
            _answered.TrySetResult();
        }

        private void Lose(Pipeline pipeline, RpcException cause)
        {
            _answered.TrySetException(cause);
            // Whoever waits for room finds the write failing.
            lock (_lock)
            {
                _commands = _bytes = long.MaxValue;
                _room?.TrySetResult();
                _room = null;
            }
            // What became of a stream that has been replaced is of no interest.
            if (_transport._stream is null || ReferenceEquals(_transport._stream, this)) pipeline.Lose(cause);
        }
    }
}
