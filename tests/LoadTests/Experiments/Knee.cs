using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>
/// Where a server leaves the range in which more load costs nobody anything: the last rate, of rising ones, that was achieved but for a small share, without errors, and whose 99th percentile
/// is still within some times that of the lowest rate. Beyond it queues grow as long as the load lasts, so latency says how long was measured, not how fast the server is.
/// </summary>
internal static class Knee
{
    private const double AchievedShare = 0.95;
    private const double ErrorShare = 0.01;
    private const double LatencyTimes = 10;
    private const double LatencyFloor = 5;

    /// <summary>Index of the knee; null if there is none below the first rate.</summary>
    /// <param name="points">By rising offered rate.</param>
    /// <param name="seconds">How long each was measured, for what is a small number of errors.</param>
    public static int? Find(IReadOnlyList<SweepPoint> points, double seconds)
    {
        if (points.Count == 0) return null;
        // A quiet server answers in microseconds, and ten times that is still nobody's concern.
        double latencyMax = Math.Max(LatencyFloor, points[0].P99 * LatencyTimes);
        int? knee = null;
        for (int i = 0; i < points.Count; i++)
        {
            var p = points[i];
            bool sustained = p.Achieved >= AchievedShare * p.Offered && p.P99 <= latencyMax && p.Errors <= ErrorShare * p.Offered * seconds;
            if (!sustained) break;
            knee = i;
        }
        return knee;
    }
}
