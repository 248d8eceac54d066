using System.Globalization;
using System.Text.RegularExpressions;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>What makes a run fail, as given on the command line: "p99>20ms", "errors>0", "throughput&lt;1000".</summary>
internal sealed partial record Demand
{
    private static readonly Dictionary<string, (Func<RunResult, double> Measure, bool IsTime)> s_measures = new()
    {
        ["mean"] = (static r => r.Latency.Mean, true),
        ["p50"] = (static r => r.Latency.P50, true),
        ["p90"] = (static r => r.Latency.P90, true),
        ["p99"] = (static r => r.Latency.P99, true),
        ["p99.9"] = (static r => r.Latency.P999, true),
        ["max"] = (static r => r.Latency.Max, true),
        ["throughput"] = (static r => r.Throughput, false),
        ["errors"] = (static r => r.ErrorCount, false),
        ["refused"] = (static r => r.Errors.Where(static e => e.IsRefusal).Sum(static e => e.FromSending.Count), false),
        ["failed"] = (static r => r.Errors.Where(static e => !e.IsRefusal).Sum(static e => e.FromSending.Count), false),
        ["not-started"] = (static r => r.NotStarted, false),
    };

    private Demand(string text, string measure, bool above, double limit)
    {
        Text = text;
        Measure = measure;
        Above = above;
        Limit = limit;
    }

    /// <summary>As given.</summary>
    public string Text { get; }

    /// <summary>What is looked at.</summary>
    public string Measure { get; }

    /// <summary>Whether the run fails above the limit rather than below.</summary>
    public bool Above { get; }

    /// <summary>Times in milliseconds, rates a second.</summary>
    public double Limit { get; }

    /// <summary>Reads one; null if it is none.</summary>
    public static Demand? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !s_measures.TryGetValue(match.Groups["measure"].Value, out var measure)) return null;
        string unit = match.Groups["unit"].Value;
        if (unit.Length > 0 != measure.IsTime) return null;
        double scale = unit switch { "us" => 1e-3, "s" => 1e3, _ => 1 };
        return new Demand(text, match.Groups["measure"].Value, match.Groups["sign"].Value == ">", double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * scale);
    }

    /// <summary>Looks at a run. A run of which nothing succeeded meets no demand on its latency.</summary>
    public Check Look(RunResult run)
    {
        var (measure, isTime) = s_measures[Measure];
        double value = measure(run);
        bool failed = (Above ? value > Limit : value < Limit) || (isTime && run.Latency.Count == 0);
        return new Check($"not {Text}", string.Create(CultureInfo.InvariantCulture, $"{value:0.###}{(isTime ? " ms" : "")}"), !failed);
    }

    [GeneratedRegex(@"^\s*(?<measure>[a-z][a-z0-9.\-]*)\s*(?<sign>[<>])\s*(?<number>[0-9]+(\.[0-9]+)?)\s*(?<unit>us|ms|s|)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
