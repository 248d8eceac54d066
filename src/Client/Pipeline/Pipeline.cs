using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>
/// Takes commands as they are given, without waiting, and sends them in frames: when somebody awaits a result, when a frame is full, or a moment
/// after the first command of a frame. A writer task sends; answers are matched by sequence number. All memory is bounded: who gives commands
/// faster than they can be sent is made to wait.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    private const int FramesWaitingMax = 32;
    private const int FrameBytesSoftMax = 256 << 10;
    private const int PromptCommands = 512;
    private const int FramesKeptMax = 8;
    private const int ReleasedKeptMax = 1 << 16;

    private readonly object _gate = new();
    private readonly Transport _transport;
    private readonly Wire.AutogradService.AutogradServiceClient _calls;
    private readonly string _sessionId;
    private readonly SessionOptions _options;
    private readonly int _listMax;
    private readonly int _chunkBytes;
    private readonly Queue<object> _sealed = new();
    private readonly Stack<Frame> _free = new();
    // In order of their numbers: what is sent again if the connection is lost.
    private readonly Queue<Frame> _unacknowledged = new();
    // What was collected comes from the collector's thread, which must not wait for a lock.
    private readonly ConcurrentQueue<ulong> _collected = new();
    private readonly Lock _releasing = new();
    private List<ulong> _released = [];
    private List<ulong> _releasedBefore = [];
    private readonly SentCommands _sent = new();
    private readonly Dictionary<ulong, (TaskCompletionSource<Answer> Waiter, bool MayBeLeft)> _waiters = [];
    // By number: an upload awaits what came before it after a flush may have begun to await the upload.
    private readonly PriorityQueue<TaskCompletionSource, ulong> _flushes = new();
    private readonly FailureLog _failures = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _ending = new();
    private Frame _open = new();
    private Task _writing = Task.CompletedTask;
    private RpcException? _lost;
    private TaskCompletionSource _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Failure? _broken;
    private ulong _lastSeq;
    private ulong _acknowledged;
    private long _bytesWaiting;
    private volatile bool _idle;
    private bool _urgent;
    private bool _closing;

    public Pipeline(Transport transport, Wire.AutogradService.AutogradServiceClient calls, string sessionId, Wire.ServerLimits limits, SessionOptions options)
    {
        _transport = transport;
        _calls = calls;
        _sessionId = sessionId;
        _options = options;
        _listMax = (int)Math.Min(limits.ListLengthMax, 4096);
        _chunkBytes = (int)Math.Min(limits.ChunkBytesMax, limits.ChunkBytesDefault == 0 ? 256 << 10 : limits.ChunkBytesDefault);
        if (_transport.NamesSessionInEveryFrame) _open.AppendSession(sessionId);
    }

    /// <summary>Told when the connection is lost, when it is there again, and when it is given up. In order, by whatever thread.</summary>
    public Action<ConnectionChange>? Changed { get; init; }

    /// <summary>Frames sent so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Commands given so far.</summary>
    public ulong Commands => Volatile.Read(ref _lastSeq);

    /// <summary>Bytes of frames sent so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Whether every command given so far is known to have run.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate) return _acknowledged >= _lastSeq;
        }
    }

    /// <summary>Whether the connection is lost for good, so that everything given from now on fails.</summary>
    public bool IsBroken
    {
        get
        {
            lock (_gate) return _broken is not null;
        }
    }

    /// <summary>Largest command that fits into a frame.</summary>
    public long CommandBytesMax => _transport.FrameBytesMax - 128;

    public void Start()
    {
        _transport.Start(this);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Whether the places of commands are kept beyond acknowledgement.</summary>
    public void KeepSources(bool keep)
    {
        lock (_gate) _sent.Keeps = keep;
    }

    /// <summary>Gives a command without awaiting anything.</summary>
    /// <exception cref="AutogradException">The session's connection is broken.</exception>
    public void Send(Wire.Command command, string name, in Source source)
    {
        lock (_gate) Enqueue(command, name, source, wanted: false, quiet: false);
    }

    /// <summary>Gives a command and awaits its result.</summary>
    /// <exception cref="AutogradException">It failed, or an earlier one did that nobody was told of.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the command runs all the same.</exception>
    public async Task<Wire.CommandResult> AskAsync(Wire.Command command, string name, Source source, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (seq, waiting) = Ask(command, name, source);
        var answer = await waiting.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed(seq, answer.Failure);
        return answer.Result;
    }

    /// <summary>As <see cref="AskAsync"/>, without throwing for the command's own failure.</summary>
    public async Task<(ulong Seq, Answer Answer)> TryAskAsync(Wire.Command command, string name, Source source, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (seq, waiting) = Ask(command, name, source);
        return (seq, await waiting.WaitAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Gives a command whose answer may be awaited later, or never: its failure is told by the next awaited call.</summary>
    public Task<Answer> Request(Wire.Command command, string name, in Source source) => Ask(command, name, source, mayBeLeft: true).Waiting;

    /// <summary>Throws what the awaiter of a command should hear of: failures that came before, then the command's own.</summary>
    public void ThrowIfFailed(ulong seq, Failure? own)
    {
        AutogradException? exception;
        lock (_gate) exception = _failures.Take(seq, own);
        if (exception is not null) throw exception;
    }

    /// <summary>Sends everything given so far and awaits that it was run.</summary>
    /// <exception cref="AutogradException">A command failed.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ulong seq;
        Task done;
        lock (_gate)
        {
            ThrowIfBroken();
            EnqueueReleases();
            seq = _lastSeq;
            done = Acknowledged(seq);
            Urge();
        }
        await done.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed(seq, null);
    }

    /// <summary>Gives a tensor to be uploaded before any later command is sent.</summary>
    public void Send(Wire.UploadOpening opening, ReadOnlyMemory<byte> data, in Source source)
    {
        lock (_gate)
        {
            WaitForRoom();
            Seal();
            ulong seq = ++_lastSeq;
            _sent.Add(seq, "tensor", source, quiet: false);
            _sealed.Enqueue(new Upload(seq, opening, data));
            _bytesWaiting += data.Length;
            Signal();
        }
    }

    /// <summary>Releases a handle with one of the next frames.</summary>
    public void Release(ulong handle) => Release(new ReadOnlySpan<ulong>(in handle));

    /// <summary>Releases handles with one of the next frames.</summary>
    public void Release(ReadOnlySpan<ulong> handles)
    {
        if (handles.IsEmpty) return;
        lock (_releasing) _released.AddRange(handles);
        if (!_idle) return;
        lock (_gate)
            if (_idle && _broken is null) Signal();
    }

    /// <summary>Releases a handle that nobody disposed; the next command takes it along.</summary>
    public void ReleaseCollected(ulong handle) => _collected.Enqueue(handle);

    /// <summary>Takes the answers to a frame.</summary>
    public void Receive(IReadOnlyList<Wire.CommandResult> results, ulong acknowledged)
    {
        lock (_gate)
        {
            foreach (var result in results)
            {
                Failure? failure = null;
                _waiters.Remove(result.Seq, out var waiting);
                if (result.Error is { } error)
                {
                    failure = _sent.Fail(result.Seq, error);
                    if (waiting is { Waiter: not null, MayBeLeft: false }) _failures.Remember(failure);
                    else if (!_sent.IsQuiet(result.Seq)) _failures.Add(failure);
                }
                waiting.Waiter?.TrySetResult(new Answer(result, failure));
            }
            Acknowledge(acknowledged);
        }
    }

    /// <summary>The connection was lost, or the server refused the stream: it is resumed, if that may help.</summary>
    public void Lose(RpcException cause)
    {
        bool resumes;
        lock (_gate)
        {
            if (_broken is not null) return;
            resumes = !_closing && Resumption.MayHelp(cause) && _options.ResumeTimeout > TimeSpan.Zero;
            if (resumes)
            {
                _lost ??= cause;
                _loss.TrySetResult();
                Signal();
            }
        }
        if (!resumes) Break(cause);
    }

    /// <summary>The connection broke: everything that waits fails, and so does everything given from now on.</summary>
    public void Break(RpcException cause)
    {
        lock (_gate)
        {
            if (_broken is not null) return;
            var status = Failure.StatusOf(cause);
            // Whatever the transport calls it: a stream that the server's own status does not explain is a broken connection.
            if (status.Details.Count == 0 && status.Code is (int)StatusCode.Internal or (int)StatusCode.Cancelled or (int)StatusCode.Unknown) status.Code = (int)StatusCode.Unavailable;
            _broken = new Failure(0, "", default, true, status);
            foreach (var (waiter, _) in _waiters.Values) waiter.TrySetException(_broken.ToException());
            _waiters.Clear();
            foreach (var (done, _) in _flushes.UnorderedItems) done.TrySetException(_broken.ToException());
            _flushes.Clear();
            Monitor.PulseAll(_gate);
        }
        _ending.Cancel();
    }

    /// <summary>Sends what is left and ends.</summary>
    public async Task CloseAsync(TimeSpan patience)
    {
        lock (_gate)
        {
            _closing = true;
            Urge();
        }
        try
        {
            await _writing.WaitAsync(patience).ConfigureAwait(false);
            if (_broken is null) await _transport.CompleteAsync().WaitAsync(patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or RpcException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // The session is deleted next, whatever is left.
        }
        Break(new RpcException(new Status(StatusCode.Unavailable, "the session is closed")));
        _transport.Abort();
        try
        {
            await _writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Gives what it holds back; after <see cref="CloseAsync"/>.</summary>
    public void Dispose()
    {
        _ending.Dispose();
        _signal.Dispose();
    }

    private (ulong Seq, Task<Answer> Waiting) Ask(Wire.Command command, string name, in Source source, bool mayBeLeft = false)
    {
        var waiter = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ulong seq = Enqueue(command, name, source, wanted: true, quiet: false);
            _waiters.Add(seq, (waiter, mayBeLeft));
            if (!mayBeLeft) Urge();
            return (seq, waiter.Task);
        }
    }

    private ulong Enqueue(Wire.Command command, string name, in Source source, bool wanted, bool quiet)
    {
        WaitForRoom();
        command.Seq = _lastSeq + 1;
        command.WantResult = wanted;
        int size = Frame.SizeOf(command);
        if (size > CommandBytesMax)
            throw new ArgumentException($"'{name}' takes {size} bytes, but a message holds no more than {_transport.FrameBytesMax}");
        if (_open.Commands > 0 && _open.Length + size > FrameBytesSoftMax) Seal();
        ulong seq = ++_lastSeq;
        _sent.Add(seq, name, source, quiet);
        // The frame belongs to the span that it begins in, if that is recorded: the stream outlives spans.
        if (_open.Commands == 0 && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } span }) _open.AppendSpan(span);
        _bytesWaiting += _open.Append(command, size);
        if (_open.Commands >= _transport.FrameCommandsMax || _open.Length >= FrameBytesSoftMax) Seal();
        if (_idle) Signal();
        return seq;
    }

    private void WaitForRoom()
    {
        ThrowIfBroken();
        while (_sealed.Count >= FramesWaitingMax || _bytesWaiting > _options.BufferBytesMax)
        {
            Signal();
            Monitor.Wait(_gate);
            ThrowIfBroken();
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null) throw _broken.ToException();
        ObjectDisposedException.ThrowIf(_closing, typeof(AutogradSession));
    }

    private void EnqueueReleases()
    {
        if (!HasReleases || _broken is not null) return;
        List<ulong> released;
        lock (_releasing)
        {
            released = _released;
            _released = _releasedBefore;
            _releasedBefore = released;
        }
        while (_collected.TryDequeue(out ulong handle)) released.Add(handle);
        for (var left = CollectionsMarshal.AsSpan(released); left.Length > 0;)
        {
            var some = left[..Math.Min(left.Length, _listMax)];
            left = left[some.Length..];
            _sent.Add(++_lastSeq, "release", default, quiet: true);
            _bytesWaiting += _open.AppendRelease(_lastSeq, some);
            if (_open.Commands >= _transport.FrameCommandsMax || _open.Length >= FrameBytesSoftMax) Seal();
        }
        released.Clear();
        if (released.Capacity > ReleasedKeptMax) released.Capacity = 0;
    }

    // A count that is read beside a change is off by what the change signals.
    private bool HasReleases => _released.Count > 0 || !_collected.IsEmpty;

    private void Seal()
    {
        if (_open.Commands == 0) return;
        _open.LastSeq = _lastSeq;
        _sealed.Enqueue(_open);
        if (!_free.TryPop(out var next)) next = new Frame();
        next.Clear();
        if (_transport.NamesSessionInEveryFrame) next.AppendSession(_sessionId);
        _open = next;
        Signal();
    }

    private void Urge()
    {
        _urgent = true;
        Signal();
    }

    private void Signal()
    {
        _idle = false;
        if (_signal.CurrentCount == 0) _signal.Release();
    }

    private void Acknowledge(ulong seq)
    {
        if (seq <= _acknowledged) return;
        _acknowledged = seq;
        _sent.Acknowledge(seq);
        while (_unacknowledged.TryPeek(out var frame) && frame.LastSeq <= seq)
        {
            _unacknowledged.Dequeue();
            if (_free.Count < FramesKeptMax) _free.Push(frame);
        }
        while (_flushes.TryPeek(out _, out ulong awaited) && awaited <= seq) _flushes.Dequeue().TrySetResult();
    }

    private Task Acknowledged(ulong seq)
    {
        if (_acknowledged >= seq) return Task.CompletedTask;
        if (_broken is not null) return Task.FromException(_broken.ToException());
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(done, seq);
        return done.Task;
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                object? next;
                bool partial;
                await ResumeIfLostAsync().ConfigureAwait(false);
                lock (_gate)
                {
                    next = TakeNext();
                    if (_broken is not null || next is null && _closing) return;
                    partial = next is null && (_open.Commands > 0 || HasReleases);
                    _idle = next is null && !partial;
                    // Whoever releases a handle looks at this after adding the handle: one of us sees the other.
                    Interlocked.MemoryBarrier();
                    if (_idle && HasReleases)
                    {
                        partial = true;
                        _idle = false;
                    }
                }
                if (next is null)
                {
                    // A moment's wait turns a thousand small commands into a few frames.
                    if (!partial) await _signal.WaitAsync(_ending.Token).ConfigureAwait(false);
                    else if (!await _signal.WaitAsync(_options.FlushDelay, _ending.Token).ConfigureAwait(false))
                        lock (_gate) _urgent = true;
                    continue;
                }
                try
                {
                    if (next is Frame frame) await SendAsync(frame).ConfigureAwait(false);
                    else await SendAsync((Upload)next).ConfigureAwait(false);
                }
                catch (RpcException e)
                {
                    Lose(e);
                }
            }
        }
        catch (RpcException e)
        {
            Break(e);
        }
        catch (Exception e) when (e is OperationCanceledException && _ending.IsCancellationRequested || e is AutogradException)
        {
            // Broken already: everybody was told.
        }
        catch (Exception e)
        {
            Break(new RpcException(new Status(StatusCode.Internal, e.Message, e)));
            throw;
        }
    }

    private object? TakeNext()
    {
        if (_broken is not null) return null;
        if (_sealed.Count == 0 && (_urgent || _options.FlushDelay == TimeSpan.Zero || _transport.FrameCommandsMax == 1 || _open.Commands >= PromptCommands))
        {
            _urgent = false;
            EnqueueReleases();
            Seal();
        }
        return _sealed.TryDequeue(out object? next) ? next : null;
    }

    private async Task SendAsync(Frame frame)
    {
        Frames++;
        BytesSent += frame.Length;
        lock (_gate)
        {
            frame.AppendReceived(_acknowledged);
            _unacknowledged.Enqueue(frame);
            _bytesWaiting -= frame.CommandBytes;
            Monitor.PulseAll(_gate);
        }
        await _transport.SendAsync(frame, _ending.Token).ConfigureAwait(false);
    }

    private async Task SendAsync(Upload upload)
    {
        Task before;
        lock (_gate) before = Acknowledged(upload.Seq - 1);
        while (!before.IsCompleted)
        {
            // Not the signal: a wait for it that is left behind would take the next one from the writer.
            Task loss;
            lock (_gate) loss = _loss.Task;
            await Task.WhenAny(before, loss).ConfigureAwait(false);
            await ResumeIfLostAsync().ConfigureAwait(false);
        }
        await before.ConfigureAwait(false);
        Rpc.Status? error = null;
        for (bool again = false; ; again = true)
        {
            try
            {
                await upload.SendAsync(_calls, _chunkBytes, _ending.Token).ConfigureAwait(false);
            }
            catch (RpcException e) when (Resumption.MayHelp(e) && _options.ResumeTimeout > TimeSpan.Zero)
            {
                Lose(e);
                await ResumeIfLostAsync().ConfigureAwait(false);
                if (!IsBroken) continue;
            }
            catch (RpcException e) when (e.StatusCode is not (StatusCode.Unavailable or StatusCode.Cancelled))
            {
                var status = Failure.StatusOf(e);
                // The handle is this tensor's: an earlier try made it, whose answer was lost.
                if (!again || new Failure(upload.Seq, "", default, true, status).Reason != ErrorReason.HandleInUse) error = status;
            }
            break;
        }
        lock (_gate)
        {
            if (error is not null) _failures.Add(_sent.Fail(upload.Seq, error));
            Acknowledge(upload.Seq);
            _bytesWaiting -= upload.Data.Length;
            Monitor.PulseAll(_gate);
        }
    }

    private async Task ResumeIfLostAsync()
    {
        RpcException? lost;
        lock (_gate) lost = _lost;
        if (lost is not null) await ResumeAsync(lost).ConfigureAwait(false);
    }

    // Connects anew, and sends again what was not answered: the server applies what it has not applied yet, and gives the first answer to the rest.
    private async Task ResumeAsync(RpcException cause)
    {
        var resumption = new Resumption(_options.ResumeTimeout);
        while (resumption.TryDelay(cause, out var delay))
        {
            Changed?.Invoke(new ConnectionChange(ConnectionState.Reconnecting, resumption.Attempts, 0, Failure.Of(cause).ToException()));
            await Task.Delay(delay, _ending.Token).ConfigureAwait(false);
            Frame[] frames;
            lock (_gate)
            {
                _lost = null;
                if (_loss.Task.IsCompleted) _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
                frames = [.. _unacknowledged];
            }
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
                patience.CancelAfter(resumption.AttemptPatience);
                await _transport.ReopenAsync(patience.Token).ConfigureAwait(false);
                foreach (var frame in frames) await _transport.SendAsync(frame, _ending.Token).ConfigureAwait(false);
                Changed?.Invoke(new ConnectionChange(ConnectionState.Resumed, resumption.Attempts, frames.Length, null));
                return;
            }
            catch (RpcException e) when (Resumption.MayHelp(e))
            {
                cause = e;
            }
            catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
            {
                cause = new RpcException(new Status(StatusCode.Unavailable, "the server does not answer"));
            }
            catch (RpcException e)
            {
                cause = e;
                break;
            }
        }
        Break(cause);
        Changed?.Invoke(new ConnectionChange(ConnectionState.Lost, resumption.Attempts, 0, Failure.Of(cause).ToException()));
    }
}

/// <summary>A result that was awaited, and how it failed if it did.</summary>
internal readonly record struct Answer(Wire.CommandResult Result, Failure? Failure);
