using AutogradService.Server.Commands;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// Responses on their way to a stream's client. Whoever puts one in while nothing is being sent starts to send it, and waits for nobody;
/// those that come meanwhile wait, small ones together as one, and are sent after it. More than a little may not wait.
/// </summary>
internal sealed class Outbox(IServerStreamWriter<Wire.ExecuteResponse> responses, SendingSide side, Action<Wire.ExecuteResponse> sending, MessageCharge? charge, long messageBytesMax, CancellationToken cancellation)
{
    /// <summary>What may wait. A response with more than this waits for no other and is sent alone.</summary>
    public const long WaitingBytesMax = 1 << 20;

    // Each response fits into a message; several together need not.
    private readonly long _togetherBytesMax = Math.Min(WaitingBytesMax, messageBytesMax);
    private readonly Lock _lock = new();
    private readonly Queue<(Wire.ExecuteResponse Response, long Bytes, long Charged, ResultBudget Budget)> _waiting = new();
    private Wire.ExecuteResponse? _last;
    private long _lastBytes;
    private long _lastCharged;
    private ResultBudget _lastBudget = null!;
    private long _bytes;
    private bool _busy;
    private TaskCompletionSource? _room;

    /// <summary>Puts a response in, and waits until what waits is little again.</summary>
    /// <param name="response">The response.</param>
    /// <param name="budget">Its own: what the call's charge has of it, and whose memory its large results are in.</param>
    public async ValueTask AddAsync(Wire.ExecuteResponse response, ResultBudget budget)
    {
        long bytes = 32 + (response.Results.Count > 0 ? response.CalculateSize() : 0);
        Task? room = null;
        bool start;
        lock (_lock)
        {
            Put(response, bytes, budget);
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
            while (Next(out long charged, out var budget) is { } response)
            {
                sending(response);
                await responses.WriteAsync(response, cancellation);
                if (charged > 0) charge?.Sent(charged);
                budget.Dispose();
            }
        }
        catch
        {
            side.Fail();
            throw;
        }
    }

    private Wire.ExecuteResponse? Next(out long charged, out ResultBudget budget)
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var next))
            {
                next = (_last!, _lastBytes, _lastCharged, _lastBudget);
                _last = null;
            }
            (charged, budget) = (next.Charged, next.Budget);
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

    private void Put(Wire.ExecuteResponse response, long bytes, ResultBudget budget)
    {
        _bytes += bytes;
        if (_last is not null && _lastBytes + bytes <= _togetherBytesMax)
        {
            Merge(_last, response);
            _lastBytes += bytes;
            _lastCharged += budget.Charged;
            return;
        }
        if (_last is not null) _waiting.Enqueue((_last, _lastBytes, _lastCharged, _lastBudget));
        (_last, _lastBytes, _lastCharged, _lastBudget) = (response, bytes, budget.Charged, budget);
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
