namespace AutogradService.LoadTests.Reports;

/// <summary>Throughput and latency against offered load.</summary>
internal static class SweepCharts
{
    /// <summary>Both charts, with the knee marked.</summary>
    public static IEnumerable<Chart> Of(SweepResult sweep)
    {
        if (sweep.Points.Count == 0) yield break;
        double most = sweep.Points.Max(static p => p.Offered);
        (double, string)? knee = sweep.Knee is { } at ? (sweep.Points[at].Offered, $"knee: {Scale.Brief(sweep.Points[at].Offered)}/s") : null;
        var x = Scale.Linear(most);
        yield return new Chart
        {
            Title = "Throughput against offered load",
            Note = "The knee is the last rate before latency takes off or throughput falls behind.",
            XLabel = "requests/s offered",
            YLabel = "requests/s",
            X = x,
            Y = Scale.Linear(most),
            Series =
            [
                new Series("succeeded", 3, [.. sweep.Points.Select(static p => (p.Offered, p.Achieved))], Stroke.Dots),
                new Series("all that was offered", 6, [(0, 0), (most, most)], Stroke.Dashed),
            ],
            Mark = knee,
        };
        yield return new Chart
        {
            Title = "Latency against offered load",
            XLabel = "requests/s offered",
            YLabel = "ms",
            X = x,
            Y = Scale.Logarithmic(sweep.Points.Select(static p => p.P50).Where(static m => m > 0).DefaultIfEmpty(1).Min(), sweep.Points.Max(static p => p.P99)),
            Series =
            [
                new Series("p99", 2, [.. sweep.Points.Select(static p => (p.Offered, p.P99))], Stroke.Dots),
                new Series("p50", 1, [.. sweep.Points.Select(static p => (p.Offered, p.P50))], Stroke.Dots),
            ],
            Mark = knee,
        };
    }
}
