using System.Collections.Concurrent;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>
/// Streams under way, each with the credential that it was opened with. When that is taken away or expires the stream ends: its next read or write tells why, and one that neither
/// reads nor writes is cut off a moment later.
/// </summary>
internal sealed class WatchedStreams
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    // What timers can hold; a credential good for longer outlives any stream.
    private static readonly TimeSpan s_timerMax = TimeSpan.FromDays(40);
    private readonly ConcurrentDictionary<Watch, byte> _watches = new();
    private readonly bool _endOnExpiry;
    private readonly TimeProvider _time;

    public WatchedStreams(IOptions<ServerOptions> options, WatchedFiles files, TimeProvider time)
    {
        _endOnExpiry = options.Value.Security.EndStreamsOnExpiry;
        _time = time;
        files.Changed += Recheck;
    }

    /// <summary>Watches a stream until what this returns is disposed.</summary>
    public Watch Start(Caller caller, HttpContext context)
    {
        var watch = new Watch(this, caller, context);
        _watches.TryAdd(watch, 0);
        // A change between the caller's being found out and now.
        if (!caller.StillHolds) watch.End(isExpired: false);
        var left = caller.NotAfter - _time.GetUtcNow();
        if (_endOnExpiry && left < s_timerMax) watch.EndAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        return watch;
    }

    private void Recheck()
    {
        foreach (var (watch, _) in _watches)
            if (!watch.Caller.StillHolds) watch.End(isExpired: false);
    }

    /// <summary>A stream's watch.</summary>
    internal sealed class Watch(WatchedStreams all, Caller caller, HttpContext context) : IDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly CancellationTokenSource _gone = new();
        private ITimer? _expiry;
        private bool _isExpired;

        public Caller Caller => caller;

        /// <summary>Cancelled when the credential no longer holds.</summary>
        public CancellationToken Over => _over.Token;

        /// <summary>Why the stream ends.</summary>
        public Refusal Refusal => _isExpired ? Refusal.CredentialsExpired() : Refusal.CredentialsRequired();

        public void ThrowIfOver()
        {
            if (_over.IsCancellationRequested) throw Refusal;
        }

        public void EndAfter(TimeSpan time, TimeProvider clock) => _expiry = clock.CreateTimer(static watch => ((Watch)watch!).End(isExpired: true), this, time, Timeout.InfiniteTimeSpan);

        public void End(bool isExpired)
        {
            lock (_over)
            {
                if (_gone.IsCancellationRequested || _over.IsCancellationRequested) return;
                _isExpired = isExpired;
                _over.Cancel();
            }
            _ = CutOffAsync();
        }

        public void Dispose()
        {
            lock (_over) _gone.Cancel();
            all._watches.TryRemove(this, out _);
            _expiry?.Dispose();
            _over.Dispose();
            _gone.Dispose();
        }

        private async Task CutOffAsync()
        {
            try
            {
                await Task.Delay(s_farewell, _gone.Token);
                context.Abort();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // It ended by itself.
            }
        }
    }
}

/// <summary>A stream's requests, as long as its credential holds.</summary>
internal sealed class WatchedReader<T>(IAsyncStreamReader<T> inner, WatchedStreams.Watch watch) : IAsyncStreamReader<T>, IDisposable
{
    private CancellationTokenSource? _linked;
    private CancellationToken _given;

    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        watch.ThrowIfOver();
        // A stream passes the same token each time.
        if (_linked is null || _given != cancellationToken)
        {
            _linked?.Dispose();
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
            _given = cancellationToken;
        }
        try
        {
            return await inner.MoveNext(_linked.Token);
        }
        catch (OperationCanceledException) when (watch.Over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw watch.Refusal;
        }
    }

    public void Dispose() => _linked?.Dispose();
}

/// <summary>A stream's responses, as long as its credential holds.</summary>
internal sealed class WatchedWriter<T>(IServerStreamWriter<T> inner, WatchedStreams.Watch watch) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        watch.ThrowIfOver();
        return inner.WriteAsync(message, cancellationToken);
    }
}
