using System.Globalization;

namespace AutogradService.Server.Tests;

/// <summary>Reads what /metrics answers.</summary>
internal static class PrometheusText
{
    /// <summary>The one series of a metric that has a label.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="metric">The metric's name.</param>
    /// <param name="label">As it is written there: reason="INTERNAL".</param>
    public static double ValueOf(string text, string metric, string label = "")
    {
        string line = Assert.Single(text.Split('\n'), l => l.StartsWith(metric + "{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>A metric's name as the exporter makes it of an instrument's.</summary>
    public static string NameOf(string instrument, string? unit, bool isCounter)
    {
        string name = instrument.Replace('.', '_');
        string? suffix = unit switch { "s" => "seconds", "By" => "bytes", _ => null };
        if (suffix is not null && !name.EndsWith(suffix, StringComparison.Ordinal)) name += "_" + suffix;
        return isCounter ? name + "_total" : name;
    }
}
