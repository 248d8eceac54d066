using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Load;

/// <summary>The lanes of a load. A lane that broke is opened anew by the next request on it, whose latency then includes that.</summary>
internal sealed class LaneSet : IAsyncDisposable
{
    private const int OpeningAtOnce = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly Scenario _scenario;
    private readonly Target _target;
    private readonly Lane?[] _lanes;
    private readonly TimeSpan _timeout;
    private int _closing;

    private LaneSet(Scenario scenario, Target target, int count, TimeSpan timeout)
    {
        _scenario = scenario;
        _target = target;
        _timeout = timeout;
        _lanes = new Lane?[count];
    }

    /// <summary>How many there are.</summary>
    public int Count => _lanes.Length;

    /// <summary>Opens lanes and makes one request on each, so that connections are there and functions are compiled.</summary>
    /// <param name="scenario">What they do.</param>
    /// <param name="target">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="timeout">How long a request may take.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LaneSet> OpenAsync(Scenario scenario, Target target, int count, TimeSpan timeout, CancellationToken cancellation)
    {
        var set = new LaneSet(scenario, target, count, timeout);
        try
        {
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce, CancellationToken = cancellation }, async (index, token) =>
            {
                var lane = set._lanes[index] = await scenario.OpenLaneAsync(target, index, token);
                await lane.RequestAsync(token);
            });
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a request and takes down what became of it. A lane is used by one caller at a time.</summary>
    /// <param name="index">Which lane.</param>
    /// <param name="due">When the request was due.</param>
    /// <param name="recorder">Takes it down.</param>
    /// <param name="cancellation">Ends the load: requests under way are then nobody's.</param>
    /// <returns>Whether it succeeded.</returns>
    public async Task<bool> RequestAsync(int index, long due, Recorder recorder, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_timeout);
        long sent = Clock.Now;
        Failure? failure = null;
        var lane = _lanes[index];
        try
        {
            if (lane is null)
            {
                recorder.LaneReopened();
                _lanes[index] = lane = await _scenario.OpenLaneAsync(_target, index, patience.Token);
            }
            await lane.RequestAsync(patience.Token);
        }
        catch (Exception e)
        {
            failure = cancellation.IsCancellationRequested ? new Failure(Failure.Unanswered, FailureKind.Failed, "the load had ended") : Failure.Of(e);
        }
        recorder.Ended(due, sent, Clock.Now, lane?.Tenant ?? "", failure);
        if (failure is not null && lane is not null && (!lane.IsUsable() || failure.IsDependency || failure.Reason is nameof(Client.ErrorReason.SessionNotFound) or nameof(Client.ErrorReason.SessionExpired)))
        {
            _lanes[index] = null;
            _ = CloseAsync(lane);
        }
        return failure is null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lanes.Where(static lane => lane is not null).Select(lane => CloseAsync(lane!)));
        long end = Clock.Now + Clock.Ticks(s_patience.TotalSeconds);
        while (Volatile.Read(ref _closing) > 0 && Clock.Now < end) await Task.Delay(20);
    }

    // Closing tells the server, which may be too busy to listen; the load does not wait for that.
    private async Task CloseAsync(Lane lane)
    {
        Interlocked.Increment(ref _closing);
        try
        {
            await Task.Run(async () => await lane.DisposeAsync()).WaitAsync(s_patience);
        }
        catch (Exception)
        {
            // What cannot be closed expires.
        }
        Interlocked.Decrement(ref _closing);
    }
}
