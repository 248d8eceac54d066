using AutogradService.Client;
using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Observation;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Many sessions at once: what they cost while they do nothing, and whether all of them work.</summary>
internal static class Crowd
{
    private const int OpeningAtOnce = 32;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>What a crowd cost.</summary>
    /// <param name="EmptyBytes">Resident bytes of the server before.</param>
    /// <param name="CrowdedBytes">After.</param>
    /// <param name="HeapBytes">Its garbage-collected heap with them.</param>
    /// <param name="OpeningSeconds">How long it took to open them.</param>
    internal sealed record Cost(long? EmptyBytes, long? CrowdedBytes, double? HeapBytes, double OpeningSeconds)
    {
        /// <summary>What they added.</summary>
        public long? Bytes => CrowdedBytes - EmptyBytes;
    }

    /// <summary>Opens sessions, each with a leaf of 4 elements.</summary>
    /// <param name="target">Where.</param>
    /// <param name="site">The server.</param>
    /// <param name="count">How many.</param>
    /// <param name="mode">Whether each has a stream open (pipelined) or none (unary).</param>
    /// <param name="terminal">Shows how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<(AutogradSession[] Sessions, Tensor[] Leaves, Cost Cost)> OpenAsync(Target target, Site site, int count, CallMode mode, Terminal terminal, CancellationToken cancellation)
    {
        // One session that goes again: what the first one ever costs is not a crowd's.
        await using (var first = await target.OpenSessionAsync(0, mode, cancellation)) await first.Ones([4]).ToArrayAsync<float>(cancellation);
        await Task.Delay(s_settling, cancellation);
        long? empty = Resident(site);
        var sessions = new AutogradSession[count];
        var leaves = new Tensor[count];
        long from = Clock.Now;
        int opened = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce, CancellationToken = cancellation }, async (i, token) =>
        {
            sessions[i] = await target.OpenSessionAsync(i, mode, token);
            leaves[i] = sessions[i].Full([4], 2.0, requiresGrad: true);
            await sessions[i].FlushAsync(token);
            if (Interlocked.Increment(ref opened) is var n && n % 1000 == 0) terminal.Say($"  {n:N0} sessions");
        });
        double seconds = Clock.Seconds(Clock.Now - from);
        await Task.Delay(s_settling, cancellation);
        using var metrics = site.OpenMetrics();
        return (sessions, leaves, new Cost(empty, Resident(site), await metrics.HeapBytesAsync(cancellation), seconds));
    }

    /// <summary>All sessions make requests at the same time, one after another each: a square, backward, the gradient fetched and looked at.</summary>
    public static async Task<RunResult> WorkAsync(AutogradSession[] sessions, Tensor[] leaves, double seconds, Terminal terminal, CancellationToken cancellation)
    {
        long now = Clock.Now;
        var recorder = new Recorder(now, now + Clock.Ticks(seconds));
        terminal.Say($"  all {sessions.Length:N0} work for {seconds:0.#} s");
        await Task.WhenAll(sessions.Select((_, i) => Task.Run(async () =>
        {
            do
            {
                long due = Clock.Now;
                recorder.Due(due, due);
                Failure? failure = null;
                try
                {
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                    patience.CancelAfter(s_patience);
                    await OneAsync(sessions[i], leaves[i], patience.Token);
                }
                catch (Exception e)
                {
                    failure = Failure.Of(e);
                }
                recorder.Ended(due, due, Clock.Now, "", failure);
                if (failure is not null) return;
            }
            while (Clock.Now < recorder.To && !cancellation.IsCancellationRequested);
        }, CancellationToken.None)));
        return recorder.Result() with { Label = $"{sessions.Length:N0} sessions at work" };
    }

    /// <summary>Deletes them.</summary>
    public static Task CloseAsync(AutogradSession[] sessions, CancellationToken cancellation) =>
        Parallel.ForEachAsync(sessions.Where(static s => s is not null), new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce, CancellationToken = cancellation }, static (session, _) => session.DisposeAsync());

    private static async Task OneAsync(AutogradSession session, Tensor leaf, CancellationToken cancellation)
    {
        using var scope = session.Scope();
        leaf.Mul(leaf).Sum().Backward();
        var gradient = leaf.Grad.ToArrayAsync<float>(cancellation);
        leaf.SetGrad(null);
        SessionLane.Require((await gradient)[0] == 4, "the gradient of a square at 2");
    }

    private static long? Resident(Site site) => site.ProcessId is { } id ? ProcessorTime.Memory(id)?.Resident : null;
}
