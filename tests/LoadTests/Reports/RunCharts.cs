using System.Globalization;

namespace AutogradService.LoadTests.Reports;

/// <summary>What is drawn of loads.</summary>
internal static class RunCharts
{
    private const int Colors = 6;
    private const int OverlaidMax = Colors;
    private const double Megabyte = 1048576;

    /// <summary>Everything about one load.</summary>
    public static IEnumerable<Chart> Of(RunResult run)
    {
        if (run.Timeline.Count > 1)
        {
            yield return LatencyOverTime(run);
            yield return ThroughputOverTime(run);
        }
        if (run.Curve.Count > 1) yield return Percentiles([run]);
        if (run.Server.Any(static s => s.Cores is not null)) yield return Processors(run);
        if (run.Server.Any(static s => s.ResidentBytes is not null)) yield return Memory(run);
        if (run.Server.Any(static s => s.Threads is not null) && run.Seconds > 60) yield return Counts(run);
    }

    /// <summary>The curves of percentiles of several loads.</summary>
    public static Chart Percentiles(IReadOnlyList<RunResult> runs)
    {
        var drawn = runs.Where(static r => r.Curve.Count > 1).Take(OverlaidMax).ToArray();
        double[] all = [.. drawn.SelectMany(static r => r.Curve).Select(static p => p.Milliseconds).Where(static m => m > 0).DefaultIfEmpty(1)];
        return new Chart
        {
            Title = "Latency by percentile",
            Note = "From the moment a request was due. Each nine takes as much room as the one before.",
            XLabel = "percentile",
            YLabel = "ms",
            X = Scale.Nines(drawn.SelectMany(static r => r.Curve).Select(static p => p.Percent).DefaultIfEmpty(99).Max()),
            Y = Scale.Logarithmic(all.Min(), all.Max()),
            Series = [.. drawn.Select(static (r, i) => new Series(r.Label, i % Colors + 1, [.. r.Curve.Select(static p => (p.Percent, p.Milliseconds))]))],
            TellX = static percent => percent.ToString("0.####", CultureInfo.InvariantCulture) + "%",
        };
    }

    /// <summary>One measure over time, of several loads.</summary>
    public static Chart OverTime(string title, string unit, IReadOnlyList<RunResult> runs, Func<TimePoint, double> measure) => new()
    {
        Title = title,
        XLabel = "seconds",
        YLabel = unit,
        X = Time(runs.SelectMany(static r => r.Timeline).Select(static p => p.Second)),
        Y = Scale.Linear(runs.SelectMany(static r => r.Timeline).Select(measure).DefaultIfEmpty(1).Max()),
        Series = [.. runs.Take(OverlaidMax).Select((r, i) => new Series(r.Label, i % Colors + 1, [.. r.Timeline.Select(p => (p.Second, measure(p)))]))],
        TellX = Second,
    };

    private static Chart LatencyOverTime(RunResult run)
    {
        var points = run.Timeline.Where(static p => p.Succeeded > 0).ToArray();
        double[] all = [.. points.SelectMany(static p => (double[])[p.P50, p.Max]).Where(static m => m > 0).DefaultIfEmpty(1)];
        return new Chart
        {
            Title = "Latency over time",
            Note = "Of the requests answered in each interval.",
            XLabel = "seconds",
            YLabel = "ms",
            X = Time(run.Timeline.Select(static p => p.Second)),
            Y = Scale.Logarithmic(all.Min(), all.Max()),
            Series =
            [
                new Series("p99", 2, [.. points.Select(static p => (p.Second, p.P99))], Stroke.Area),
                new Series("p50", 1, [.. points.Select(static p => (p.Second, p.P50))], Stroke.Area),
                new Series("max", 6, [.. points.Select(static p => (p.Second, p.Max))], Stroke.Dashed),
            ],
            TellX = Second,
        };
    }

    private static Chart ThroughputOverTime(RunResult run)
    {
        var series = new List<Series> { new("succeeded", 3, [.. run.Timeline.Select(static p => (p.Second, p.Succeeded))], Stroke.Area) };
        if (run.Timeline.Any(static p => p.Refused > 0)) series.Add(new Series("refused", 5, [.. run.Timeline.Select(static p => (p.Second, p.Refused))]));
        if (run.Timeline.Any(static p => p.Failed > 0)) series.Add(new Series("failed", 2, [.. run.Timeline.Select(static p => (p.Second, p.Failed))]));
        if (run.Settings?.Rate is { } rate) series.Add(new Series("offered", 6, [(run.Timeline[0].Second, rate), (run.Timeline[^1].Second, rate)], Stroke.Dashed));
        return new Chart
        {
            Title = "Throughput over time",
            Note = "Requests a second, by when they ended.",
            XLabel = "seconds",
            YLabel = "requests/s",
            X = Time(run.Timeline.Select(static p => p.Second)),
            Y = Scale.Linear(series.SelectMany(static s => s.Points).Max(static p => p.Y)),
            Series = series,
            TellX = Second,
        };
    }

    private static Chart Processors(RunResult run) => OfServer(run, "Processor time", "Cores kept busy, as the machine saw it.", "cores",
    [
        new Series("server", 1, Points(run, static s => s.Cores), Stroke.Area),
        new Series("load generator", 4, Points(run, static s => s.GeneratorCores)),
        new Series("everything else", 6, Points(run, static s => s.OtherCores), Stroke.Dashed),
    ]);

    private static Chart Memory(RunResult run) => OfServer(run, "Memory of the server", "", "MB",
    [
        new Series("resident", 1, Points(run, static s => s.ResidentBytes / Megabyte), Stroke.Area),
        new Series("garbage-collected heap", 3, Points(run, static s => s.HeapBytes / Megabyte)),
    ]);

    private static Chart Counts(RunResult run) => OfServer(run, "Threads and open files of the server", "", "",
    [
        new Series("threads", 1, Points(run, static s => s.Threads)),
        new Series("files and sockets", 4, Points(run, static s => s.Handles)),
    ]);

    private static Chart OfServer(RunResult run, string title, string note, string unit, Series[] series)
    {
        Series[] known = [.. series.Where(static s => s.Points.Count > 0)];
        return new Chart
        {
            Title = title,
            Note = note,
            XLabel = "seconds",
            YLabel = unit,
            X = Time(run.Server.Select(static s => s.Second)),
            Y = Scale.Linear(known.SelectMany(static s => s.Points).Select(static p => p.Y).DefaultIfEmpty(1).Max()),
            Series = known,
            TellX = Second,
        };
    }

    private static IReadOnlyList<(double, double)> Points(RunResult run, Func<ServerSample, double?> measure) => [.. run.Server.Where(s => measure(s) is not null).Select(s => (s.Second, measure(s)!.Value))];

    private static Scale Time(IEnumerable<double> seconds) => Scale.Exactly(0, seconds.DefaultIfEmpty(1).Max());

    private static string Second(double second) => second.ToString("0.#", CultureInfo.InvariantCulture) + " s";
}
