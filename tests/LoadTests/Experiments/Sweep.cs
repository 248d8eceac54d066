using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Offers more and more until the server does not keep up, and says where that begins.</summary>
internal static class Sweep
{
    private static readonly double[] s_shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3];

    /// <summary>Finds the peak, then offers shares of it.</summary>
    /// <param name="plan">What is measured at each rate.</param>
    /// <param name="site">The server.</param>
    /// <param name="terminal">Shows how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<(SweepResult Sweep, IReadOnlyList<RunResult> Runs)> RunAsync(LoadPlan plan, Site site, Terminal terminal, CancellationToken cancellation)
    {
        var peak = await Peak.FindAsync(plan, site, terminal, cancellation);
        var runs = new List<RunResult>();
        foreach (double share in s_shares)
        {
            double rate = peak.Throughput * share;
            var run = await LoadRun.RunAsync(plan with { Rate = rate, Label = FormattableString.Invariant($"{share:P0} of the peak: {rate:0.#}/s") }, site, terminal, cancellation);
            terminal.Show(run);
            runs.Add(run);
        }
        SweepPoint[] points = [.. runs.Select(static r => new SweepPoint { Offered = r.Offered, Achieved = r.Throughput, P50 = r.Latency.P50, P99 = r.Latency.P99, Errors = r.ErrorCount + r.NotStarted })];
        return (new SweepResult { ClosedLoopPeak = peak.Throughput, Points = points, Knee = Knee.Find(points, plan.Seconds) }, runs);
    }
}
