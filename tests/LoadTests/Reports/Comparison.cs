using System.Globalization;

namespace AutogradService.LoadTests.Reports;

/// <summary>Two reports of the same kind beside each other.</summary>
internal static class Comparison
{
    private const double NoiseShare = 0.1;
    private static readonly (string Name, Func<RunResult, double> Measure, bool MoreIsBetter, bool IsTime)[] s_measures =
    [
        ("throughput (requests/s)", static r => r.Throughput, true, false),
        ("p50", static r => r.Latency.P50, false, true),
        ("p90", static r => r.Latency.P90, false, true),
        ("p99", static r => r.Latency.P99, false, true),
        ("p99.9", static r => r.Latency.P999, false, true),
        ("largest", static r => r.Latency.Max, false, true),
        ("errors", static r => r.ErrorCount, false, false),
        ("server's cores", static r => r.Server.Where(static s => s.Cores is not null).Select(static s => s.Cores!.Value).DefaultIfEmpty(0).Average(), false, false),
        ("server's resident memory (MB, most)", static r => r.Server.Select(static s => (s.ResidentBytes ?? 0) / 1048576.0).DefaultIfEmpty(0).Max(), false, false),
    ];

    /// <summary>A measure of both, and what that means.</summary>
    /// <param name="Load">Which load.</param>
    /// <param name="Measure">What is compared.</param>
    /// <param name="Before">The first.</param>
    /// <param name="After">The second.</param>
    /// <param name="Verdict">In a word; differences of a tenth are within what a quiet machine repeats.</param>
    /// <param name="IsTime">Whether it is in milliseconds.</param>
    internal sealed record Row(string Load, string Measure, double Before, double After, Verdict Verdict, bool IsTime)
    {
        /// <summary>The second over the first; null where the first is nothing.</summary>
        public double? Ratio => Before > 0 ? After / Before : null;
    }

    /// <summary>What a difference means.</summary>
    internal enum Verdict
    {
        Same,
        Better,
        Worse,
    }

    /// <summary>Compares loads of the same name.</summary>
    /// <exception cref="InvalidDataException">They have none in common.</exception>
    public static IReadOnlyList<Row> Of(LoadReport before, LoadReport after)
    {
        var pairs = Pairs(before, after);
        if (pairs.Count == 0) throw new InvalidDataException("the reports have no load in common");
        return [.. pairs.SelectMany(static pair => s_measures.Select(m => Look(pair.Before, pair.After, m.Name, m.Measure, m.MoreIsBetter, m.IsTime)))];
    }

    /// <summary>As a page: curves above each other, ratios and verdicts.</summary>
    public static string Page(LoadReport before, LoadReport after)
    {
        var rows = Of(before, after);
        string tables = string.Concat(rows.GroupBy(static r => r.Load).Select(static g => $"<h2>{Html.Text(g.Key)}</h2>" + Html.Table(["", "before", "after", "ratio", "verdict"], g.Select(static r => (IReadOnlyList<string>)
        [
            Html.Text(r.Measure), Value(r, r.Before), Value(r, r.After), r.Ratio is { } ratio ? ratio.ToString("0.00×", CultureInfo.InvariantCulture) : "–",
            r.Verdict switch { Verdict.Better => "<span class=\"good\">better</span>", Verdict.Worse => "<span class=\"bad\">worse</span>", _ => "the same" },
        ]))));
        string charts = string.Concat(Pairs(before, after).Select(static pair =>
        {
            RunResult[] both = [pair.Before with { Label = "before" }, pair.After with { Label = "after" }];
            return $"<h2>{Html.Text(pair.After.Label)}: curves</h2><div class=\"charts\">{RunCharts.Percentiles(both).ToHtml()}{Overlaid("p99 over time", "ms", both, static p => p.P99)}{Overlaid("Throughput over time", "requests/s", both, static p => p.Succeeded)}</div>";
        }));
        string where = Html.Facts([.. Sides("Before", before), .. Sides("After", after)]);
        string summary = FormattableString.Invariant($"{rows.Count(static r => r.Verdict == Verdict.Better)} measures better, {rows.Count(static r => r.Verdict == Verdict.Worse)} worse, {rows.Count(static r => r.Verdict == Verdict.Same)} within a tenth");
        return Html.Page($"{before.Title} → {after.Title}", summary, tables + charts + "<h2>What was compared</h2>" + where);
    }

    private static List<(RunResult Before, RunResult After)> Pairs(LoadReport before, LoadReport after)
    {
        // Labels of a sweep carry their rates, which differ; the place in the report tells then.
        var pairs = after.Runs.Join(before.Runs, static r => r.Label, static r => r.Label, static (a, b) => (b, a)).ToList();
        return pairs.Count > 0 || before.Kind != after.Kind ? pairs : [.. before.Runs.Zip(after.Runs)];
    }

    private static Row Look(RunResult before, RunResult after, string name, Func<RunResult, double> measure, bool moreIsBetter, bool isTime)
    {
        double a = measure(before), b = measure(after);
        bool same = Math.Abs(b - a) <= NoiseShare * Math.Max(Math.Abs(a), Math.Abs(b));
        return new Row(after.Label, name, a, b, same ? Verdict.Same : b > a == moreIsBetter ? Verdict.Better : Verdict.Worse, isTime);
    }

    private static string Value(Row row, double value) => row.IsTime ? ReportPage.Milliseconds(value) : Scale.Brief(value);

    private static string Overlaid(string title, string unit, RunResult[] runs, Func<TimePoint, double> measure) =>
        runs.All(static r => r.Timeline.Count > 1) ? RunCharts.OverTime(title, unit, runs, measure).ToHtml() : "";

    private static IEnumerable<Fact> Sides(string side, LoadReport report) =>
        [new Fact(side, $"{report.Title}, {report.Started.ToString("d MMMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture)}"), .. ReportPage.Machine(report.Machine)];
}
