using AutogradService.Server.Commands;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// Responses on their way to a stream's client. Whoever puts one in while nothing is being sent starts to send it, and waits for nobody;
/// those that come meanwhile wait, small ones together as one, and are sent after it. More than a little may not wait.
/// </summary>
internal sealed class Outbox(IServerStreamWriter<Wire.ExecuteResponse> responses, Action<Wire.ExecuteResponse> sending, long messageBytesMax, CancellationToken cancellation)
{
    /// <summary>What may wait. A response with more than this waits for no other and is sent alone.</summary>
    public const long WaitingBytesMax = 1 << 20;

    // Each response fits into a message; several together need not.
    private readonly long _togetherBytesMax = Math.Min(WaitingBytesMax, messageBytesMax);
    private readonly Lock _lock = new();
    private readonly Queue<(Wire.ExecuteResponse Response, long Bytes, ResultBudget Memory)> _waiting = new();
    private Wire.ExecuteResponse? _last;
    private long _lastBytes;
    private ResultBudget _lastMemory = null!;
    private long _bytes;
    private bool _busy;
    private TaskCompletionSource? _room;
    private Task _sending = Task.CompletedTask;

    /// <summary>Puts a response in, and waits until what waits is little again.</summary>
    /// <param name="response">The response.</param>
    /// <param name="memory">What holds the results' memory, if it is a large one.</param>
    public async ValueTask AddAsync(Wire.ExecuteResponse response, ResultBudget memory)
    {
        long bytes = 32 + (response.Results.Count > 0 ? response.CalculateSize() : 0);
        Task? room = null;
        bool start;
        lock (_lock)
        {
            Put(response, bytes, memory);
            start = !_busy;
            _busy = true;
            if (!start && _bytes > WaitingBytesMax) room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        if (start) _sending = SendAsync();
        // If sending fails nobody makes room any more.
        if (room is not null) await Task.WhenAny(room, _sending);
        if (_sending.IsCompleted) await _sending;
    }

    /// <summary>Completes when all that was put in is sent.</summary>
    public Task DrainAsync() => _sending;

    private async Task SendAsync()
    {
        while (Next() is ({ } response, var memory))
        {
            sending(response);
            await responses.WriteAsync(response, cancellation);
            memory.Dispose();
        }
    }

    private (Wire.ExecuteResponse? Response, ResultBudget Memory) Next()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var next))
            {
                next = (_last!, _lastBytes, _lastMemory);
                _last = null;
            }
            if (next.Response is null)
            {
                _busy = false;
                return (null, _lastMemory);
            }
            _bytes -= next.Bytes;
            if (_bytes <= WaitingBytesMax)
            {
                _room?.TrySetResult();
                _room = null;
            }
            return (next.Response, next.Memory);
        }
    }

    private void Put(Wire.ExecuteResponse response, long bytes, ResultBudget memory)
    {
        _bytes += bytes;
        if (_last is not null && _lastBytes + bytes <= _togetherBytesMax)
        {
            Merge(_last, response);
            _lastBytes += bytes;
            return;
        }
        if (_last is not null) _waiting.Enqueue((_last, _lastBytes, _lastMemory));
        (_last, _lastBytes, _lastMemory) = (response, bytes, memory);
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
