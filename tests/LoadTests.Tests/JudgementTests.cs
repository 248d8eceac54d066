using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Observation;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Tests;

public sealed class JudgementTests
{
    [Fact]
    public void The_knee_of_a_queue_lies_where_latency_takes_off()
    {
        // A single server with exponential times: p99 is ln(100) times the mean time, which is 1 / (capacity - rate).
        const double Capacity = 1000;
        SweepPoint[] points = [.. Enumerable.Range(1, 13).Select(static i => i * 100.0).Select(static rate => new SweepPoint
        {
            Offered = rate,
            Achieved = Math.Min(rate, Capacity),
            P50 = rate < Capacity ? 693 / (Capacity - rate) : 5000,
            P99 = rate < Capacity ? 4605 / (Capacity - rate) : 20_000,
        })];
        Assert.Equal(900, points[Knee.Find(points, 5)!.Value].Offered);
    }

    [Theory]
    [InlineData(0.9, 1, 0, null)]
    [InlineData(1, 1, 6, null)]
    [InlineData(1, 1, 0, 2)]
    [InlineData(1, 60, 0, 1)]
    public void The_knee_is_the_last_rate_that_was_sustained(double achieved, double lastP99, long errors, int? knee)
    {
        SweepPoint[] points =
        [
            new() { Offered = 100, Achieved = 100 * achieved, P50 = 1, P99 = 2, Errors = errors },
            new() { Offered = 200, Achieved = 200, P50 = 1, P99 = 3 },
            new() { Offered = 300, Achieved = 299, P50 = 1, P99 = lastP99 },
        ];
        Assert.Equal(knee, Knee.Find(points, 5));
        Assert.Null(Knee.Find([], 5));
    }

    [Fact]
    public void A_trend_is_not_moved_by_outliers_and_sees_a_leak()
    {
        var random = new Random(1);
        (double, double)[] flat = [.. Enumerable.Range(0, 1000).Select(i => (i * 1.0, 100 + random.NextDouble() * 10 + (i % 97 == 0 ? 500 : 0)))];
        (double, double)[] leak = [.. flat.Select(static p => (p.Item1, p.Item2 + 0.02 * p.Item1))];
        var steady = Trend.Fit(flat)!;
        Assert.True(steady.IsFlat(0.03, 0));
        Assert.InRange(steady.Level, 100, 115);
        var growing = Trend.Fit(leak)!;
        Assert.False(growing.IsFlat(0.03, 0));
        Assert.InRange(growing.PerHour, 0.018 * 3600, 0.022 * 3600);
        Assert.Null(Trend.Fit([(0, 1), (1, 1)]));
    }

    [Fact]
    public void A_soak_is_judged_by_what_it_left()
    {
        var run = Reports.Run("soak") with { Errors = [] };
        Assert.All(Soak.Look(run), static c => Assert.True(c.Passed, c.Name));
        Assert.Equal(5, Soak.Look(run).Count());
        var leaking = run with { Server = [.. run.Server.Select(static s => s with { ResidentBytes = (100L << 20) + (long)s.Second * (4 << 20) })] };
        Assert.Equal(["resident memory does not grow"], Soak.Look(leaking).Where(static c => !c.Passed).Select(static c => c.Name));
        var error = Reports.Run("soak").Errors[0];
        Assert.True(IsWell(error with { FromSending = error.FromSending with { Count = run.Due / 1000 } }));
        Assert.False(IsWell(error with { FromSending = error.FromSending with { Count = run.Due / 1000 + 1 } }));
        Assert.False(IsWell(error with { IsRefusal = false, FromSending = error.FromSending with { Count = 1 } }));

        bool IsWell(ErrorResult e) => Soak.Look(run with { Errors = [e] }).Single(static c => c.Name == "no request fails").Passed;
    }

    [Fact]
    public void An_overload_is_judged_by_goodput_and_refusals()
    {
        var peak = Reports.Run("peak", throughput: 100) with { Errors = [] };
        var refusals = new ErrorResult { Reason = "Overloaded", IsRefusal = true, Example = "", FromSending = new LatencySummary { Count = 3000, P99 = 3, Max = 9 }, Latency = new LatencySummary() };
        var good = Reports.Run("over", throughput: 95) with { Due = 4800, Errors = [refusals] };
        Assert.All(Overload.Look(peak, good, 4), static c => Assert.True(c.Passed, c.Name));
        var late = good with { Throughput = 50, Errors = [refusals with { FromSending = new LatencySummary { Count = 3000, P99 = 80, Max = 90 } }, refusals with { Reason = "gRPC Unavailable", IsRefusal = false }], NotStarted = 4000 };
        Assert.Equal([false, true, false, false, false], Overload.Look(peak, late, 4).Select(static c => c.Passed));
    }

    [Fact]
    public void Fairness_compares_with_the_quiet_server()
    {
        RunResult[] runs = [Reports.Run("alone", 1), Reports.Run("beside one", 9), Reports.Run("beside many", 11)];
        Assert.Equal([true, false], Fairness.Look(runs).Select(static c => c.Passed));
    }

    [Theory]
    [InlineData("p99>20ms", 10, true)]
    [InlineData("p99>9.5ms", 10, false)]
    [InlineData("p99 > 9999us", 10, false)]
    [InlineData("p99>1s", 10, true)]
    [InlineData("throughput<1000", 100, false)]
    [InlineData("throughput<100", 100, true)]
    [InlineData("errors>0", 5, false)]
    [InlineData("failed>0", 0, true)]
    public void A_condition_is_looked_up_in_the_run(string text, double value, bool passes)
    {
        var check = Demand.Parse(text)!.Look(Reports.Run("one"));
        Assert.Equal(passes, check.Passed);
        Assert.StartsWith(value.ToString(System.Globalization.CultureInfo.InvariantCulture), check.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p99>20")]
    [InlineData("p98>20ms")]
    [InlineData("errors>0ms")]
    [InlineData("p99=20ms")]
    [InlineData("")]
    public void What_is_no_condition_is_refused(string text) => Assert.Null(Demand.Parse(text));

    [Fact]
    public void A_run_without_answers_meets_no_demand_on_its_latency() =>
        Assert.False(Demand.Parse("p99>20ms")!.Look(new RunResult()).Passed);

    [Fact]
    public void A_generator_that_came_late_says_so()
    {
        var run = Reports.Run("one") with { Lag = new LatencySummary { P99 = 30 }, NotStarted = 7 };
        string[] warnings = [.. Pace.Warnings(run)];
        Assert.Contains(warnings, static w => w.StartsWith("client-bound: the generator came late, by 30.0 ms", StringComparison.Ordinal));
        Assert.Contains(warnings, static w => w.StartsWith("7 of 1,200 requests could not be sent", StringComparison.Ordinal));
        Assert.Empty(Pace.Warnings(Reports.Run("one") with { Lag = new LatencySummary { P99 = 0.2 }, Server = [] }));
    }

    [Fact]
    public void Percentiles_are_those_of_all_that_were_added()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 1000; i++) histogram.Add(i / 10.0);
        var summary = histogram.Summary();
        Assert.Equal((1000, 50.05, 50.0, 90.0, 99.0, 99.9, 100.0), (summary.Count, Math.Round(summary.Mean, 9), Math.Round(summary.P50, 1), Math.Round(summary.P90, 1), Math.Round(summary.P99, 1), Math.Round(summary.P999, 1), Math.Round(summary.Max, 1)));
        var curve = histogram.Curve();
        Assert.Equal(curve.Select(static p => p.Milliseconds).Order(), curve.Select(static p => p.Milliseconds));
        Assert.Equal(99.9, curve[^1].Percent, 6);
        Assert.Empty(new LatencyHistogram().Curve());
    }

    [Fact]
    public void A_metric_is_the_sum_of_its_series()
    {
        const string Page = """
            # HELP dotnet_gc_last_collection_heap_size_bytes The heap.
            # TYPE dotnet_gc_last_collection_heap_size_bytes gauge
            dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="gen0"} 1024 1700000000000
            dotnet_gc_last_collection_heap_size_bytes{gc_heap_generation="gen 2"} 2.5e3
            dotnet_gc_last_collection_heap_size_bytes_other 7
            plain 3
            """;
        Assert.Equal(3524, MetricsPage.Sum(Page, "dotnet_gc_last_collection_heap_size_bytes"));
        Assert.Equal(3, MetricsPage.Sum(Page, "plain"));
        Assert.Null(MetricsPage.Sum(Page, "absent"));
    }
}
