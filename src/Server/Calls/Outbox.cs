using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// Responses on their way to a stream's client. Whoever puts one in while nothing is being sent starts to send it, and waits for nobody;
/// those that come meanwhile wait, small ones together as one, and are sent after it. More than a little may not wait.
/// </summary>
internal sealed class Outbox(IServerStreamWriter<Wire.ExecuteResponse> responses, SendingSide side, Action<Wire.ExecuteResponse> sending, MessageCharge? charge, long messageBytesMax, CancellationToken cancellation)
{
    private const long WaitingBytesMax = 1 << 20;

    // Each response fits into a message; several together need not.
    private readonly long _togetherBytesMax = Math.Min(WaitingBytesMax, messageBytesMax);
    private readonly Lock _lock = new();
    private readonly Queue<(Wire.ExecuteResponse Response, long Bytes, long Charged)> _waiting = new();
    private Wire.ExecuteResponse? _last;
    private long _lastBytes;
    private long _lastCharged;
    private long _bytes;
    private bool _busy;
    private TaskCompletionSource? _room;

    /// <summary>Puts a response in, and waits until what waits is little again.</summary>
    /// <param name="response">The response.</param>
    /// <param name="charged">Bytes of it that the call's charge has.</param>
    public async ValueTask AddAsync(Wire.ExecuteResponse response, long charged = 0)
    {
        long bytes = 32 + (response.Results.Count > 0 ? response.CalculateSize() : 0);
        Task? room = null;
        bool start;
        lock (_lock)
        {
            Put(response, bytes, charged);
            start = !_busy;
            _busy = true;
            if (!start && _bytes > WaitingBytesMax) room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        if (start) side.Sending = SendAsync();
        // If sending fails nobody makes room any more.
        if (room is not null) await Task.WhenAny(room, side.Sending);
        if (side.Sending.IsCompleted) await side.Sending;
    }

    private async Task SendAsync()
    {
        try
        {
            while (Next(out long charged) is { } response)
            {
                sending(response);
                await responses.WriteAsync(response, cancellation);
                if (charged > 0) charge?.Sent(charged);
            }
        }
        catch
        {
            side.Fail();
            throw;
        }
    }

    private Wire.ExecuteResponse? Next(out long charged)
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var next))
            {
                next = (_last!, _lastBytes, _lastCharged);
                _last = null;
            }
            charged = next.Charged;
            if (next.Response is null)
            {
                _busy = false;
                return null;
            }
            _bytes -= next.Bytes;
            if (_bytes <= WaitingBytesMax)
            {
                _room?.TrySetResult();
                _room = null;
            }
            return next.Response;
        }
    }

    private void Put(Wire.ExecuteResponse response, long bytes, long charged)
    {
        _bytes += bytes;
        if (_last is not null && _lastBytes + bytes <= _togetherBytesMax)
        {
            Merge(_last, response);
            _lastBytes += bytes;
            _lastCharged += charged;
            return;
        }
        if (_last is not null) _waiting.Enqueue((_last, _lastBytes, _lastCharged));
        (_last, _lastBytes, _lastCharged) = (response, bytes, charged);
    }

    private static void Merge(Wire.ExecuteResponse into, Wire.ExecuteResponse response)
    {
        into.Results.Add(response.Results);
        into.AcknowledgedSeq = response.AcknowledgedSeq;
        into.CreditCommands += response.CreditCommands;
        into.CreditBytes += response.CreditBytes;
        into.Frames += response.Frames;
    }
}
