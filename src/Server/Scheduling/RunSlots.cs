using System.Diagnostics;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Scheduling;

/// <summary>
/// Who computes now. As many compute at once as there are slots; the others wait, and whoever has computed least goes first (start-time fair queueing, by measured time), so that a session
/// that asks for much does not starve those that ask for little. Work made of many commands gives its slot up between two of them once it had its share and others wait. A single command that
/// goes on for longer than that cannot; it is let run beside the slots, a few of its kind at a time, and the operating system shares the processors. Where there are more of its kind than that,
/// those that usually are quick are let past it.
/// </summary>
internal sealed class RunSlots : IDisposable
{
    private readonly int _slots;
    private readonly int _besideMax;
    private readonly long _shareTicks;
    private readonly long _queueTicksMax;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Run, (long Start, long Order)> _waiting = new();
    private readonly HashSet<Run> _running = [];
    private readonly Timer _watch;
    private readonly TimeSpan _period;
    private int _taken;
    private int _beside;
    private int _past;
    private int _waitingCount;
    private long _waitingTicks;
    private long _order;
    private long _now;

    public RunSlots(IOptions<ServerOptions> options)
        : this(options.Value.Scheduling)
    {
    }

    public RunSlots(SchedulingOptions options)
    {
        _slots = options.RunsMax > 0 ? options.RunsMax : Environment.ProcessorCount;
        _besideMax = options.LongRunsMax > 0 ? options.LongRunsMax : Environment.ProcessorCount;
        _shareTicks = (long)(options.ShareMilliseconds * 1e-3 * Stopwatch.Frequency);
        _queueTicksMax = (long)(options.QueueSecondsMax * Stopwatch.Frequency);
        _period = TimeSpan.FromMilliseconds(Math.Max(1, options.ShareMilliseconds));
        _watch = new Timer(static slots => ((RunSlots)slots!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs that compute now.</summary>
    public int Running
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    /// <summary>Runs that wait.</summary>
    public int Waiting => Volatile.Read(ref _waitingCount);

    /// <summary>Threads that compute at most, those beside the slots and those that were let past included.</summary>
    public int ThreadsMax => 2 * _slots + _besideMax;

    /// <summary>Takes a slot, waiting for one if need be; <see cref="Leave"/> must follow.</summary>
    /// <param name="run">Who computes.</param>
    /// <param name="patience">Whether it may be refused rather than wait for long.</param>
    /// <param name="deadline">When its caller stops waiting.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Refusal">OVERLOADED.</exception>
    /// <exception cref="OperationCanceledException">The caller went away while it waited.</exception>
    public ValueTask EnterAsync(Run run, Patience patience, DateTime deadline, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            bool free = _taken < _slots && _waitingCount == 0;
            if (!free && patience == Patience.Limited) CheckWait(_waitingTicks / _slots, deadline);
            run.Start = Math.Max(_now, run.Flow.Used);
            run.Cost = Math.Max(1, run.Flow.UsualTicks);
            run.Flow.Used = run.Start + run.Cost;
            if (free)
            {
                Begin(run, Place.Slot);
                return ValueTask.CompletedTask;
            }
            run.Turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(run, (run.Start, _order++));
            _waitingTicks += run.Cost;
            if (_waitingCount++ == 0) _watch.Change(_period, _period);
        }
        return new ValueTask(WaitAsync(run, cancellation));
    }

    /// <summary>
    /// Refuses what would have to wait for too long, or beyond its deadline. What is told so at once can go elsewhere, and the queue stays short enough to be worth serving.
    /// </summary>
    /// <exception cref="Refusal">OVERLOADED.</exception>
    public void CheckWait(long ticks, DateTime deadline)
    {
        var wait = TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
        if (ticks > _queueTicksMax || deadline != DateTime.MaxValue && deadline - DateTime.UtcNow < wait) throw Refusal.Overloaded(wait);
    }

    /// <summary>Gives a slot back.</summary>
    /// <returns>Ticks that it was had.</returns>
    public long Leave(Run run)
    {
        lock (_lock)
        {
            long ticks = Stopwatch.GetTimestamp() - run.Since;
            run.Flow.Take(ticks, run.Cost);
            _running.Remove(run);
            CountOf(run.Place)--;
            Grant();
            return ticks;
        }
    }

    /// <summary>Whether a run has had its share, and others wait: it should leave and enter anew.</summary>
    public bool ShouldYield(Run run) => Volatile.Read(ref _waitingCount) > 0 && Stopwatch.GetTimestamp() - run.Since > _shareTicks;

    public void Dispose() => _watch.Dispose();

    private ref int CountOf(Place place) => ref place == Place.Slot ? ref _taken : ref place == Place.Beside ? ref _beside : ref _past;

    private void Begin(Run run, Place place)
    {
        CountOf(place)++;
        run.Place = place;
        _now = Math.Max(_now, run.Start);
        run.Since = Stopwatch.GetTimestamp();
        _running.Add(run);
    }

    private void Grant()
    {
        while (_taken < _slots && _waiting.TryDequeue(out var next, out _)) Start(next, Place.Slot);
    }

    // One that waited, and is out of the queue.
    private void Start(Run run, Place place)
    {
        Forget(run);
        Begin(run, place);
        run.Turn!.SetResult();
    }

    private void Forget(Run run)
    {
        _waitingTicks -= run.Cost;
        if (--_waitingCount == 0) _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // While others wait: what has run for twice its share without a break runs beside the slots from now on.
    private void Look()
    {
        lock (_lock)
        {
            if (_waitingCount == 0) return;
            long now = Stopwatch.GetTimestamp();
            foreach (var run in _running)
            {
                if (_beside == _besideMax) break;
                if (run.Place != Place.Slot || now - run.Since < 2 * _shareTicks) continue;
                run.Place = Place.Beside;
                _beside++;
                _taken--;
            }
            Grant();
            if (_taken < _slots || _running.Any(r => r.Place == Place.Slot && now - r.Since < 2 * _shareTicks)) return;
            while (_past < _slots && FirstQuick() is { } quick)
            {
                _waiting.Remove(quick, out _, out _);
                Start(quick, Place.Past);
            }
        }
    }

    private Run? FirstQuick()
    {
        Run? first = null;
        (long, long) least = default;
        foreach (var (run, priority) in _waiting.UnorderedItems)
        {
            if (run.Cost > _shareTicks || first is not null && priority.CompareTo(least) > 0) continue;
            (first, least) = (run, priority);
        }
        return first;
    }

    private async Task WaitAsync(Run run, CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(static (state, token) =>
        {
            var (slots, run) = ((RunSlots, Run))state!;
            slots.GiveUp(run, token);
        }, (this, run)))
            await run.Turn!.Task;
    }

    private void GiveUp(Run run, CancellationToken token)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(run, out _, out _)) return; // its turn has come already
            Forget(run);
            run.Flow.Used -= run.Cost;
        }
        run.Turn!.TrySetCanceled(token);
    }
}

/// <summary>Whether a run may be told to come back later.</summary>
internal enum Patience
{
    /// <summary>It waits as long as it takes: what sent it is held back meanwhile.</summary>
    Unlimited,
    /// <summary>It is refused if it would have to wait for too long.</summary>
    Limited,
}

/// <summary>What fairness is between: a session, or a connection that calls functions.</summary>
internal sealed class Flow
{
    /// <summary>Ticks of computing had so far, those it left to others while it was idle included. For <see cref="RunSlots"/>, under its lock.</summary>
    internal long Used { get; set; }

    /// <summary>Ticks that a run of it usually takes.</summary>
    internal long UsualTicks { get; private set; }

    // What it was expected to take has been counted already, so that the next in line of the same flow stands behind it.
    internal void Take(long ticks, long expected)
    {
        Used += ticks - expected;
        UsualTicks = UsualTicks == 0 ? ticks : UsualTicks + (ticks - UsualTicks) / 8;
    }
}

/// <summary>One who computes, or waits for it. May be used again once it has left.</summary>
internal sealed class Run(Flow flow)
{
    public Flow Flow => flow;

    internal TaskCompletionSource? Turn { get; set; }

    internal long Since { get; set; }

    internal long Start { get; set; }

    internal long Cost { get; set; }

    internal Place Place { get; set; }
}

/// <summary>Where a run computes.</summary>
internal enum Place
{
    /// <summary>In one of the slots.</summary>
    Slot,
    /// <summary>Beside them, because it takes long.</summary>
    Beside,
    /// <summary>Past those that take long, because it is quick.</summary>
    Past,
}
