namespace AutogradService.LoadTests.Load;

/// <summary>
/// Requests come when they are due, whether the server has answered those before or not: as users who do not know of each other. A request that finds no lane waits for one, and its
/// latency counts on; if too many wait already it is counted as not started, never forgotten.
/// </summary>
internal sealed class OpenLoop
{
    private readonly Lock _lock = new();
    // In turn: a lane that was used last would be used again and again, and others, of other tenants, never.
    private readonly Queue<int> _free;
    private readonly Queue<long> _waiting = new();
    private readonly LaneSet _lanes;
    private readonly Recorder _recorder;
    private readonly int _waitingMax;
    private readonly CancellationToken _cancellation;
    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    private OpenLoop(LaneSet lanes, Recorder recorder, int waitingMax, CancellationToken cancellation)
    {
        _lanes = lanes;
        _recorder = recorder;
        _waitingMax = waitingMax;
        _cancellation = cancellation;
        _free = new Queue<int>(Enumerable.Range(0, lanes.Count));
    }

    /// <summary>Runs until the recorder's end, and until the answers are there or the patience has ended.</summary>
    /// <param name="lanes">What requests are made on; as many are in flight at most.</param>
    /// <param name="recorder">Takes down what becomes of them.</param>
    /// <param name="schedule">When they are due, from <paramref name="start"/>.</param>
    /// <param name="start">When the schedule starts; what is due before the recorder's beginning warms up.</param>
    /// <param name="waitingMax">How many may wait for a lane.</param>
    /// <param name="patience">How long to wait for answers after the end.</param>
    /// <param name="cancellation">Ends at once.</param>
    public static async Task RunAsync(LaneSet lanes, Recorder recorder, ArrivalSchedule schedule, long start, int waitingMax, TimeSpan patience, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loop = new OpenLoop(lanes, recorder, waitingMax, ending.Token);
        // A thread of its own: on the pool's it would wait behind the answers that it makes.
        await Task.Factory.StartNew(() => loop.Dispatch(schedule, start, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(loop._allAnswered.Task, Task.Delay(patience, cancellation));
        await ending.CancelAsync();
        loop.GiveUpWaiting();
        // Cancelled requests come back at once.
        await Task.WhenAny(loop._allAnswered.Task, Task.Delay(patience, CancellationToken.None));
    }

    private void Dispatch(ArrivalSchedule schedule, long start, CancellationToken cancellation)
    {
        for (long due = start + Clock.Ticks(schedule.Next()); due < _recorder.To && !cancellation.IsCancellationRequested; due = start + Clock.Ticks(schedule.Next()))
        {
            long now = Clock.Now;
            for (; now < due && !cancellation.IsCancellationRequested; now = Clock.Now) Clock.Sleep(Math.Min(due - now, Clock.Ticks(0.05)));
            _recorder.Due(due, now);
            Arrive(due);
        }
        lock (_lock)
        {
            _ended = true;
            if (_free.Count == _lanes.Count) _allAnswered.TrySetResult();
        }
    }

    private void Arrive(long due)
    {
        int lane;
        lock (_lock)
        {
            if (!_free.TryDequeue(out lane))
            {
                if (_waiting.Count < _waitingMax) _waiting.Enqueue(due);
                else _recorder.NotStarted(due);
                return;
            }
        }
        // Encoding a request is work, which must not delay the next arrival.
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Loop.ServeAsync(work.Lane, work.Due), (Loop: this, Lane: lane, Due: due), preferLocal: false);
    }

    private async Task ServeAsync(int lane, long due)
    {
        while (true)
        {
            await _lanes.RequestAsync(lane, due, _recorder, _cancellation);
            lock (_lock)
            {
                if (_waiting.TryDequeue(out due)) continue;
                _free.Enqueue(lane);
                if (_ended && _free.Count == _lanes.Count) _allAnswered.TrySetResult();
                return;
            }
        }
    }

    private void GiveUpWaiting()
    {
        lock (_lock)
            while (_waiting.TryDequeue(out long due)) _recorder.NotStarted(due);
    }
}
