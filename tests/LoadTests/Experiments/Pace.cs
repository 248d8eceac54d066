using System.Globalization;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Whether a load could keep its own pace, and whether its numbers are the server's.</summary>
internal static class Pace
{
    private const double LagMilliseconds = 2;
    private const double LagShare = 0.2;
    private const double FullShare = 0.9;
    private const double OthersShare = 0.1;

    /// <summary>What a reader must know before believing the numbers.</summary>
    public static IEnumerable<string> Warnings(RunResult run)
    {
        if (run.Settings?.Rate is not null && run.Lag.P99 > LagMilliseconds && run.Lag.P99 > LagShare * run.Latency.P50)
            yield return Text($"client-bound: the generator came late, by {run.Lag.P99:F1} ms at p99; latencies include that");
        if (run.NotStarted > 0)
            yield return Text($"{run.NotStarted:N0} of {run.Due:N0} requests could not be sent: as many as may be were in flight and waiting (raise --concurrency to offer more)");
        var samples = run.Server.Where(static s => s.Cores is not null).ToArray();
        if (samples.Length == 0) yield break;
        double server = samples.Average(static s => s.Cores!.Value), own = samples.Average(static s => s.GeneratorCores), others = samples.Average(static s => s.OtherCores ?? 0);
        int cores = Environment.ProcessorCount;
        if (own > server && own > others && own + server + others > FullShare * cores)
            yield return Text($"client-bound: the generator kept {own:F2} cores busy, the server {server:F2} of the same {cores}; a generator elsewhere would get more out of it");
        if (others > OthersShare * cores)
            yield return Text($"disturbed: other programs kept {others:F2} of {cores} cores busy");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
