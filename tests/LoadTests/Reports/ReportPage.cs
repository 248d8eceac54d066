using System.Globalization;
using System.Text;

namespace AutogradService.LoadTests.Reports;

/// <summary>A report as one HTML page that needs nothing else: no scripts, styles or fonts from anywhere.</summary>
internal static class ReportPage
{
    /// <summary>Writes it.</summary>
    public static string Of(LoadReport report)
    {
        var body = new StringBuilder();
        body.Append(Html.Checks(report.Checks));
        if (report.Runs.Count == 1) AppendRun(body, report.Runs[0]);
        else AppendRuns(body, report);
        if (report.Facts.Count > 0) body.Append("<h2>What was done</h2>").Append(Html.Facts(report.Facts));
        body.Append("<h2>Where</h2>").Append(Html.Facts(Machine(report.Machine)));
        body.Append("<footer>Latency is counted from when a request was due by the schedule, not from when it could be sent, so requests that waited behind slow ones are counted with their wait. The numbers are in report.json beside this page.</footer>");
        return Html.Page(report.Title, $"{report.Kind}, {report.Started.ToString("d MMMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture)}", body.ToString());
    }

    /// <summary>What the report says of the machine.</summary>
    public static IEnumerable<Fact> Machine(MachineFacts machine) =>
    [
        new Fact("Processor", $"{machine.Processor}, {machine.Cores} cores"),
        new Fact("Memory", Text($"{machine.MemoryBytes / 1073741824.0:F1} GiB")),
        new Fact("System", $"{machine.System}, {machine.Runtime}"),
        new Fact("Server", machine.Server),
    ];

    /// <summary>Milliseconds as people read them.</summary>
    public static string Milliseconds(double value) => value >= 100 ? Text($"{value:N0} ms") : value >= 1 ? Text($"{value:0.##} ms") : Text($"{value * 1000:N0} µs");

    private static void AppendRuns(StringBuilder body, LoadReport report)
    {
        if (report.Sweep is { } sweep) body.Append("<div class=\"charts\">").AppendJoin("", SweepCharts.Of(sweep).Select(static c => c.ToHtml())).Append("</div>");
        body.Append("<h2>Loads</h2>").Append(Html.Table(
            ["load", "offered", "throughput", "p50", "p90", "p99", "p99.9", "max", "refused", "failed", "not sent"],
            report.Runs.Select(static r => (IReadOnlyList<string>)
            [
                Html.Text(r.Label), r.Settings?.Rate is null ? $"{r.Settings?.Lanes} workers" : Rate(r.Offered), Rate(r.Throughput),
                .. Columns(r.Latency), Count(r, isRefusal: true), Count(r, isRefusal: false), Text($"{r.NotStarted:N0}"),
            ])));
        foreach (string warning in report.Runs.SelectMany(static r => r.Warnings.Select(w => $"{r.Label}: {w}")).Take(1)) body.Append("<ul class=\"warnings\"><li>").Append(Html.Text(warning)).Append("</li><li>Each load below tells its own.</li></ul>");
        if (report.Runs.Any(static r => r.Curve.Count > 1)) body.Append("<div class=\"charts\">").Append(RunCharts.Percentiles(report.Runs).ToHtml()).Append("</div>");
        foreach (var run in report.Runs)
        {
            body.Append("<details><summary>").Append(Html.Text(run.Label)).Append("</summary>");
            AppendRun(body, run);
            body.Append("</details>");
        }
    }

    private static void AppendRun(StringBuilder body, RunResult run)
    {
        body.Append("<div class=\"tiles\">");
        Tile(body, "throughput", Text($"{run.Throughput:N1}"), "requests/s");
        if (run.Settings is { UnitsPerRequest: not 1 } settings) Tile(body, $"{settings.Unit}s", Text($"{run.UnitThroughput:N0}"), "a second");
        Tile(body, "median latency", Milliseconds(run.Latency.P50), "");
        Tile(body, "99th percentile", Milliseconds(run.Latency.P99), "");
        Tile(body, "99.9th percentile", Milliseconds(run.Latency.P999), "");
        long failed = run.Errors.Where(static e => !e.IsRefusal).Sum(static e => e.FromSending.Count), refused = run.ErrorCount - failed;
        if (refused > 0) Tile(body, "refused", Text($"{refused:N0}"), "requests");
        Tile(body, "failed", Text($"{failed:N0}"), "requests", failed > 0);
        body.Append("</div>");
        if (run.Warnings.Count > 0) body.Append("<ul class=\"warnings\">").AppendJoin("", run.Warnings.Select(static w => $"<li>{Html.Text(w)}</li>")).Append("</ul>");
        body.Append("<div class=\"charts\">").AppendJoin("", RunCharts.Of(run).Select(static c => c.ToHtml())).Append("</div>");
        var rows = new List<IReadOnlyList<string>> { Row("from when due", run.Latency), Row("from when sent", run.FromSending) };
        rows.AddRange(run.Tenants.Select(static t => Row($"{t.Name} requests, from when due", t.Latency)));
        if (run.Settings?.Rate is not null) rows.Add(Row("how late the generator came", run.Lag));
        body.Append("<h3>Latency</h3>").Append(Html.Table(["", "requests", "mean", "p50", "p90", "p99", "p99.9", "max"], rows));
        AppendErrors(body, run);
        if (run.Settings is { } s)
            body.Append("<h3>Settings</h3>").Append(Html.Facts(
            [
                new Fact("Scenario", s.Scenario),
                new Fact("Load", s.Rate is { } rate ? Text($"open loop, {rate:G6} requests/s, {s.Arrivals} arrivals (seed {s.Seed}), at most {s.Lanes} in flight") : $"closed loop, {s.Lanes} workers"),
                new Fact("Time", Text($"{run.Seconds:0.#} s after {s.WarmupSeconds:0.#} s of warming up; {run.Due:N0} requests were due, {run.NotStarted:N0} could not be sent, {run.LanesReopened:N0} connections or sessions were opened anew")),
                new Fact("Connections", Text($"{s.Connections}")),
            ]));
    }

    private static void AppendErrors(StringBuilder body, RunResult run)
    {
        if (run.Errors.Count == 0) return;
        long most = run.Errors.Max(static e => e.FromSending.Count);
        body.Append("<h3>Errors by reason</h3>").Append(Html.Table(["reason", "requests", "", "answered after p50", "p99", "max", "the first one said"], run.Errors.Select(e => (IReadOnlyList<string>)
        [
            Html.Text(e.Reason), Text($"{e.FromSending.Count:N0}"), $"<span class=\"bar{(e.IsRefusal ? " refused" : "")}\" style=\"width:{Text($"{Math.Max(2, 120.0 * e.FromSending.Count / most):F0}")}px\"></span>",
            Milliseconds(e.FromSending.P50), Milliseconds(e.FromSending.P99), Milliseconds(e.FromSending.Max), Html.Text(e.Example.Split('\n')[0]),
        ])));
    }

    private static void Tile(StringBuilder body, string name, string value, string unit, bool isBad = false) =>
        body.Append(CultureInfo.InvariantCulture, $"<div class=\"tile{(isBad ? " bad" : "")}\"><span>{Html.Text(name)}</span><b>{Html.Text(value)} <small>{Html.Text(unit)}</small></b></div>");

    private static IReadOnlyList<string> Row(string name, LatencySummary latency) => [Html.Text(name), Text($"{latency.Count:N0}"), Milliseconds(latency.Mean), .. Columns(latency)];

    private static IEnumerable<string> Columns(LatencySummary latency) =>
        latency.Count == 0 ? Enumerable.Repeat("–", 5) : [Milliseconds(latency.P50), Milliseconds(latency.P90), Milliseconds(latency.P99), Milliseconds(latency.P999), Milliseconds(latency.Max)];

    private static string Count(RunResult run, bool isRefusal) => Text($"{run.Errors.Where(e => e.IsRefusal == isRefusal).Sum(static e => e.FromSending.Count):N0}");

    private static string Rate(double rate) => Text($"{rate:N1}/s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
