namespace AutogradService.Server.Sessions;

/// <summary>
/// The queue in front of a session: lets one caller in at a time, in order of arrival, and bounds what waits. A caller that finds
/// the session idle goes straight in and runs on its own thread; there is no loop to hop to.
/// </summary>
/// <param name="commandsMax">Commands that may wait.</param>
/// <param name="bytesMax">Bytes of commands that may wait.</param>
internal sealed class SessionGate(int commandsMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private bool _occupied;
    private long _commands;
    private long _bytes;
    private int _ahead;

    /// <summary>Whether nobody is in and nobody waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return !_occupied;
        }
    }

    /// <summary>How many callers wait; a glance.</summary>
    public int Ahead => Volatile.Read(ref _ahead);

    /// <summary>What waits: commands and their bytes.</summary>
    public (long Commands, long Bytes) Waiting
    {
        get
        {
            lock (_lock) return (_commands, _bytes);
        }
    }

    /// <summary>Waits for the turn; <see cref="Leave"/> must follow.</summary>
    /// <exception cref="Errors.Refusal">QUOTA_QUEUE.</exception>
    /// <exception cref="OperationCanceledException">The caller went away while it waited.</exception>
    public ValueTask EnterAsync(int commands, long bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (!_occupied)
            {
                _occupied = true;
                return ValueTask.CompletedTask;
            }
            if (_commands + commands > commandsMax)
                throw Errors.Refusal.Quota(Wire.ErrorReason.QuotaQueue, $"{_commands} commands wait in the session's queue, at most {commandsMax} may", commandsMax, TimeSpan.FromMilliseconds(50));
            if (_bytes + bytes > bytesMax)
                throw Errors.Refusal.Quota(Wire.ErrorReason.QuotaQueue, $"commands of {_bytes} bytes wait in the session's queue, at most {bytesMax} may", bytesMax, TimeSpan.FromMilliseconds(50));
            waiter = new Waiter(commands, bytes);
            waiter.Place = _waiting.AddLast(waiter);
            _ahead++;
            _commands += commands;
            _bytes += bytes;
        }
        return new ValueTask(WaitAsync(waiter, cancellation));
    }

    /// <summary>Takes the turn if nobody has it; <see cref="Leave"/> must follow then.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_occupied) return false;
            _occupied = true;
            return true;
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Leave()
    {
        Waiter? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            if (next is null) _occupied = false;
            else Remove(next);
        }
        next?.Turn.SetResult();
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(static (state, token) =>
        {
            var (gate, waiter) = ((SessionGate, Waiter))state!;
            gate.GiveUp(waiter, token);
        }, (this, waiter));
        await waiter.Turn.Task;
    }

    private void GiveUp(Waiter waiter, CancellationToken token)
    {
        lock (_lock)
        {
            if (waiter.Place is null) return; // its turn has come already
            Remove(waiter);
        }
        waiter.Turn.SetCanceled(token);
    }

    private void Remove(Waiter waiter)
    {
        _waiting.Remove(waiter.Place!);
        waiter.Place = null;
        _ahead--;
        _commands -= waiter.Commands;
        _bytes -= waiter.Bytes;
    }

    private sealed class Waiter(int commands, long bytes)
    {
        public int Commands => commands;

        public long Bytes => bytes;

        public LinkedListNode<Waiter>? Place { get; set; }

        // The one who leaves must not run the next one's commands on its own stack.
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
