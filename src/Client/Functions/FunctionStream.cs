using System.Threading.Channels;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>
/// A stream of calls of one function. A call is sent when it is given, together with those that wait at that moment; answers come in order. At most so many calls are under way:
/// whoever gives more is made to wait. Dispose it to end the stream once all answers are there.
/// </summary>
public sealed class FunctionStream : IAsyncDisposable
{
    private const int UnderWayMax = 1024;
    private const int MessageBytesMax = 1 << 20;
    private const int MessageCallsMax = 256;
    private readonly Function _function;
    private readonly CallKind _kind;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _room = new(UnderWayMax);
    private readonly SemaphoreSlim _order = new(1);
    private readonly Channel<(CallMessage Message, TaskCompletionSource<Wire.FunctionAnswer> Answer)> _waiting = Channel.CreateUnbounded<(CallMessage, TaskCompletionSource<Wire.FunctionAnswer>)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<TaskCompletionSource<Wire.FunctionAnswer>> _answers = new();
    private readonly AsyncDuplexStreamingCall<CallMessage[], Wire.CallFunctionsResponse> _call;
    private readonly Task _writing;
    private readonly Task _reading;
    private AutogradException? _broken;
    private bool _named;
    private int _disposed;

    internal FunctionStream(Function function, CallKind kind)
    {
        _function = function;
        _kind = kind;
        _call = function.Source.Connection.Open(_ending.Token);
        _writing = Task.Run(WriteAsync);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Calls the function.</summary>
    /// <param name="inputs">One for each parameter, in order; arrays must not change until the answer is there.</param>
    /// <returns>Its results and, if the stream brings them, the gradients.</returns>
    /// <exception cref="AutogradException">The call was refused, or the stream broke.</exception>
    public async Task<ValueAndGrad> CallAsync(params FunctionInput[] inputs)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        await _room.WaitAsync().ConfigureAwait(false);
        var answer = new TaskCompletionSource<Wire.FunctionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The first call names the function; it must be the first to be queued.
        await _order.WaitAsync().ConfigureAwait(false);
        try
        {
            var message = await _function.MessageAsync(_kind, inputs, [], withHead: !_named, CancellationToken.None).ConfigureAwait(false);
            _named = true;
            if (!_waiting.Writer.TryWrite((message, answer))) throw Broken();
        }
        catch
        {
            _room.Release();
            throw;
        }
        finally
        {
            _order.Release();
        }
        var given = await answer.Task.ConfigureAwait(false);
        GC.KeepAlive(inputs);
        return _function.BothOf(given);
    }

    /// <summary>Sends what is left, waits for all answers, and ends the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        _call.Dispose();
        _ending.Dispose();
        _room.Dispose();
        _order.Dispose();
    }

    private async Task WriteAsync()
    {
        var messages = new List<CallMessage>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                messages.Clear();
                long bytes = 0;
                lock (_answers)
                    while (messages.Count < MessageCallsMax && bytes < MessageBytesMax && _waiting.Reader.TryRead(out var next))
                    {
                        messages.Add(next.Message);
                        _answers.Enqueue(next.Answer);
                        bytes += next.Message.Size;
                    }
                if (messages.Count > 0) await _call.RequestStream.WriteAsync([.. messages]).ConfigureAwait(false);
            }
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The reader learns why, and tells all who wait.
            _waiting.Writer.TryComplete();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                foreach (var outcome in _call.ResponseStream.Current.Outcomes)
                {
                    TaskCompletionSource<Wire.FunctionAnswer> waiting;
                    lock (_answers) waiting = _answers.Dequeue();
                    _room.Release();
                    if (outcome.Error is { } error) waiting.SetException(new Failure(0, "call_function", default, true, error).ToException());
                    else waiting.SetResult(outcome.Answer);
                }
            }
            Break(new RpcException(new Status(StatusCode.Unavailable, "the server ended the stream")));
        }
        catch (RpcException e)
        {
            Break(e);
        }
    }

    private void Break(RpcException e)
    {
        _broken = Failure.Of(e, command: "call_functions").ToException();
        _waiting.Writer.TryComplete();
        lock (_answers)
        {
            while (_answers.TryDequeue(out var waiting)) waiting.TrySetException(Broken());
            while (_waiting.Reader.TryRead(out var next)) next.Answer.TrySetException(Broken());
        }
    }

    private AutogradException Broken() => _broken ?? Failure.Of(new RpcException(new Status(StatusCode.Unavailable, "the stream has ended"))).ToException();
}
