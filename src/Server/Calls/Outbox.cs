namespace AutogradService.Server.Calls;

/// <summary>
/// Responses on their way to a stream's client. Small ones that wait become one, which is what makes answering a thousand small frames
/// cheap; more than a little may not wait.
/// </summary>
internal sealed class Outbox
{
    private const long WaitingBytesMax = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<(Wire.ExecuteResponse Response, long Bytes)> _waiting = new();
    private Wire.ExecuteResponse? _last;
    private long _lastBytes;
    private long _bytes;
    private bool _completed;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _some;

    /// <summary>Puts a response in, and waits until what waits is little again.</summary>
    public async ValueTask AddAsync(Wire.ExecuteResponse response, CancellationToken cancellation)
    {
        long bytes = 32 + (response.Results.Count > 0 ? response.CalculateSize() : 0);
        Task? room = null;
        lock (_lock)
        {
            _bytes += bytes;
            if (_last is not null && _lastBytes + bytes <= WaitingBytesMax)
            {
                Merge(_last, response);
                _lastBytes += bytes;
            }
            else
            {
                if (_last is not null) _waiting.Enqueue((_last, _lastBytes));
                (_last, _lastBytes) = (response, bytes);
            }
            if (_bytes > WaitingBytesMax) room = (_room ??= Signal()).Task;
            _some?.TrySetResult();
            _some = null;
        }
        if (room is not null) await room.WaitAsync(cancellation);
    }

    /// <summary>Takes the next response out, when there is one; null after the last.</summary>
    public async ValueTask<Wire.ExecuteResponse?> TakeAsync()
    {
        while (true)
        {
            Task some;
            lock (_lock)
            {
                if (_waiting.TryDequeue(out var next) || Last(out next))
                {
                    _bytes -= next.Bytes;
                    if (_bytes <= WaitingBytesMax)
                    {
                        _room?.TrySetResult();
                        _room = null;
                    }
                    return next.Response;
                }
                if (_completed) return null;
                some = (_some ??= Signal()).Task;
            }
            await some;
        }
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _some?.TrySetResult();
            _some = null;
        }
    }

    private bool Last(out (Wire.ExecuteResponse Response, long Bytes) last)
    {
        last = (_last!, _lastBytes);
        _last = null;
        return last.Response is not null;
    }

    private static void Merge(Wire.ExecuteResponse into, Wire.ExecuteResponse response)
    {
        into.Results.Add(response.Results);
        into.AcknowledgedSeq = response.AcknowledgedSeq;
        into.CreditCommands += response.CreditCommands;
        into.CreditBytes += response.CreditBytes;
        into.Frames += response.Frames;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
