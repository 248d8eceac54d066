using System.Globalization;
using System.Xml.Linq;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_report_is_well_formed_and_needs_nothing_from_elsewhere()
    {
        string html = ReportPage.Of(Reports.Report(Reports.Run("one")));
        var page = Parse(html);
        Assert.Equal("a <title>", page.Descendants("h1").Single().Value);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), static e => e.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Latency over time", "p50", 12)]
    [InlineData("Latency over time", "p99", 12)]
    [InlineData("Throughput over time", "succeeded", 12)]
    [InlineData("Throughput over time", "refused", 12)]
    [InlineData("Latency by percentile", "one", 30)]
    [InlineData("Processor time", "server", 12)]
    [InlineData("Processor time", "load generator", 12)]
    [InlineData("Memory of the server", "resident", 12)]
    [InlineData("Memory of the server", "garbage-collected heap", 12)]
    public void Every_measure_is_drawn_within_its_chart(string title, string series, int points)
    {
        var page = Parse(ReportPage.Of(Reports.Report(Reports.Run("one"))));
        var figure = Figure(page, title);
        int index = figure.Descendants("li").Select(static li => li.Value).ToList().IndexOf(series);
        Assert.True(index >= 0);
        var drawn = PointsOf(figure.Descendants("polyline").ElementAt(index));
        Assert.Equal(points, drawn.Length);
        string[] box = figure.Descendants("svg").Single().Attribute("viewBox")!.Value.Split(' ');
        Assert.All(drawn, p =>
        {
            Assert.InRange(p.X, 0, double.Parse(box[2], CultureInfo.InvariantCulture));
            Assert.InRange(p.Y, 0, double.Parse(box[3], CultureInfo.InvariantCulture));
        });
        Assert.Equal(drawn.OrderBy(static p => p.X), drawn);
        Assert.NotEmpty(figure.Descendants("title"));
    }

    [Fact]
    public void A_report_tells_errors_demands_warnings_settings_and_machine()
    {
        string text = Parse(ReportPage.Of(Reports.Report(Reports.Run("one")))).Root!.Value;
        foreach (string part in (string[])["Overloaded", "too <much> & more", "✓ met", "✗ not met", "client-bound: <test>", "open loop, 100 requests/s, Poisson", "a processor, 2 cores", "8.0 GiB", "fact"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Larger_values_are_drawn_higher()
    {
        var page = Parse(ReportPage.Of(Reports.Report(Reports.Run("one"))));
        var lines = Figure(page, "Latency over time").Descendants("polyline").Select(PointsOf).ToArray();
        // p99, p50, max: the page's y points down.
        for (int i = 0; i < lines[0].Length; i++)
        {
            Assert.True(lines[2][i].Y < lines[0][i].Y);
            Assert.True(lines[0][i].Y < lines[1][i].Y);
        }
    }

    [Fact]
    public void A_sweep_marks_its_knee()
    {
        SweepPoint[] points = [.. Enumerable.Range(1, 10).Select(static i => new SweepPoint { Offered = i * 100, Achieved = Math.Min(i, 7) * 100, P50 = 1, P99 = i > 7 ? 500 : 2 })];
        var report = Reports.Report(Reports.Run("one"), Reports.Run("two", 2)) with { Kind = "sweep", Sweep = new SweepResult { ClosedLoopPeak = 750, Points = points, Knee = 6 } };
        var page = Parse(ReportPage.Of(report));
        var figure = Figure(page, "Throughput against offered load");
        var mark = figure.Descendants("g").Single(static g => g.Attribute("class")?.Value == "mark");
        Assert.Equal("knee: 700/s", mark.Value);
        double x = double.Parse(mark.Element("line")!.Attribute("x1")!.Value, CultureInfo.InvariantCulture);
        Assert.Equal(PointsOf(figure.Descendants("polyline").First())[6].X, x, 0.2);
        Assert.Equal(10, figure.Descendants("circle").Count());
        Assert.Equal(2, Figure(page, "Latency by percentile").Descendants("polyline").Count());
        Assert.Equal(2, page.Descendants("details").Count());
    }

    [Fact]
    public async Task What_is_written_is_read_again()
    {
        var folder = Directory.CreateTempSubdirectory("load-report");
        try
        {
            var report = Reports.Report(Reports.Run("one"), Reports.Run("two", 2));
            string page = await ReportFiles.WriteAsync(report, folder.FullName);
            Assert.Equal(ReportPage.Of(report), await File.ReadAllTextAsync(page));
            string json = Path.Combine(folder.FullName, ReportFiles.Json);
            var read = await LoadReport.ReadAsync(json);
            Assert.Equal(report.ToJson(), read.ToJson());
            Assert.Equal(10, read.Runs[0].Latency.P99);
            await File.WriteAllTextAsync(json, "{\"kind\":");
            await Assert.ThrowsAsync<InvalidDataException>(() => LoadReport.ReadAsync(json));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_load_of_which_nothing_succeeded_has_a_report_too()
    {
        var empty = new RunResult { Label = "none", Seconds = 1, Due = 3, Timeline = [new TimePoint { Second = 0.5 }, new TimePoint { Second = 1 }] };
        Assert.Contains("none", Parse(ReportPage.Of(Reports.Report(empty, empty))).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparing_tells_ratios_and_verdicts()
    {
        LoadReport before = Reports.Report(Reports.Run("one", 1, 100)), after = Reports.Report(Reports.Run("one", 2, 150));
        var rows = Comparison.Of(before, after);
        var p99 = rows.Single(static r => r.Measure == "p99");
        Assert.Equal((10, 20, 2, Comparison.Verdict.Worse), (p99.Before, p99.After, p99.Ratio, p99.Verdict));
        Assert.Equal(Comparison.Verdict.Better, rows.Single(static r => r.Measure.StartsWith("throughput", StringComparison.Ordinal)).Verdict);
        Assert.Equal(Comparison.Verdict.Same, rows.Single(static r => r.Measure == "errors").Verdict);
        Assert.All(Comparison.Of(before, before), static r => Assert.Equal(Comparison.Verdict.Same, r.Verdict));
        var page = Parse(Comparison.Page(before, after));
        Assert.Equal(["before", "after"], Figure(page, "Latency by percentile").Descendants("li").Select(static li => li.Value));
        Assert.Contains("2.00×", page.Root!.Value, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Comparison.Of(before, Reports.Report(Reports.Run("other")) with { Kind = "soak" }));
    }

    private static XDocument Parse(string html) => XDocument.Parse(html);

    private static XElement Figure(XDocument page, string title) => page.Descendants("figure").First(f => f.Descendants("h3").Single().Value == title);

    private static (double X, double Y)[] PointsOf(XElement line) =>
        [.. line.Attribute("points")!.Value.Split(' ').Select(static p => p.Split(',')).Select(static p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];
}
