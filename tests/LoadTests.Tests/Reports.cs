using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Tests;

/// <summary>Reports that no load made.</summary>
internal static class Reports
{
    private const int Points = 12;

    /// <summary>A load whose latencies are so many times some.</summary>
    public static RunResult Run(string label, double times = 1, double throughput = 100) => new()
    {
        Label = label,
        Seconds = Points,
        Due = 1200,
        Throughput = throughput,
        Latency = Summary(times),
        FromSending = Summary(times / 2),
        Curve = [.. Enumerable.Range(0, 30).Select(i => new CurvePoint { Percent = 100 * (1 - Math.Pow(10, -i / 10.0)), Milliseconds = (1 + i) * times })],
        Timeline = [.. Enumerable.Range(1, Points).Select(i => new TimePoint { Second = i, Succeeded = throughput, Refused = i == 3 ? 5 : 0, P50 = times, P99 = 10 * times, Max = 20 * times })],
        Errors = [new ErrorResult { Reason = "Overloaded", IsRefusal = true, Example = "too <much> & more", FromSending = Summary(1) with { Count = 5 }, Latency = Summary(1) }],
        Server = [.. Enumerable.Range(1, Points).Select(static i => new ServerSample { Second = i, Cores = 1, GeneratorCores = 0.5, OtherCores = 0.1, ResidentBytes = 100 << 20, HeapBytes = 20 << 20, Threads = 20, Handles = 100 })],
        Warnings = ["client-bound: <test>"],
        Settings = new LoadSettings { Scenario = "unary-ops", Unit = "call", UnitsPerRequest = 3, Rate = 100, Arrivals = "Poisson", Lanes = 8, Connections = 1, WarmupSeconds = 1, Seed = 1 },
    };

    /// <summary>A report of loads.</summary>
    public static LoadReport Report(params RunResult[] runs) => new()
    {
        Kind = "run",
        Title = "a <title>",
        Started = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Machine = new MachineFacts { Processor = "a processor", Cores = 2, MemoryBytes = 8L << 30, System = "a system", Runtime = ".NET", Server = "1.0" },
        Facts = [new Fact("fact", "value")],
        Checks = [new Check("not p99>20ms", "10 ms", true), new Check("not errors>0", "5", false)],
        Runs = runs,
    };

    private static LatencySummary Summary(double times) => new() { Count = 1195, Mean = 2 * times, P50 = times, P90 = 5 * times, P99 = 10 * times, P999 = 15 * times, Max = 20 * times };
}
