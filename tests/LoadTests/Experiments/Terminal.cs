using System.Globalization;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Shows how a load goes: one line that is rewritten, or lines where the output is no terminal.</summary>
/// <param name="output">Where.</param>
/// <param name="rewrites">Whether it is a terminal.</param>
internal sealed class Terminal(TextWriter output, bool rewrites)
{
    private const int PlainEvery = 5;
    private int _shown;
    private int _width;

    /// <summary>The console.</summary>
    public static Terminal OfConsole() => new(Console.Out, !Console.IsOutputRedirected);

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        Clear();
        output.WriteLine(line);
    }

    /// <summary>Shows an interval.</summary>
    public void Progress(Scenario scenario, LoadPlan plan, TimePoint point, ServerSample sample)
    {
        var (rate, unit) = (point.Succeeded * scenario.UnitsPerRequest, scenario.Unit);
        string line = string.Create(CultureInfo.InvariantCulture, $"  {point.Second,5:F0}/{plan.Seconds:F0} s  {rate,10:N0} {unit}/s  p50 {point.P50,8:F2} ms  p99 {point.P99,8:F2} ms")
            + (point.Refused > 0 ? string.Create(CultureInfo.InvariantCulture, $"  refused {point.Refused:N0}/s") : "")
            + (point.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"  FAILED {point.Failed:N0}/s") : "")
            + (sample.Cores is { } cores ? string.Create(CultureInfo.InvariantCulture, $"  server {cores:F2} cores, {sample.ResidentBytes / 1048576.0:F0} MB") : "");
        if (rewrites)
        {
            output.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
        else if (_shown++ % PlainEvery == 0)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Takes the rewritten line away.</summary>
    public void Clear()
    {
        if (!rewrites || _width == 0) return;
        output.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }

    /// <summary>Shows what came of a load.</summary>
    public void Show(RunResult run)
    {
        var l = run.Latency;
        string units = run.Settings is { UnitsPerRequest: not 1 } settings ? string.Create(CultureInfo.InvariantCulture, $" ({run.UnitThroughput:N0} {settings.Unit}/s)") : "";
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{run.Label}: {run.Throughput:N1} requests/s{units}, p50 {l.P50:F3} p90 {l.P90:F3} p99 {l.P99:F3} p99.9 {l.P999:F3} max {l.Max:F2} ms, {l.Count:N0} succeeded, {run.ErrorCount:N0} errors"));
        foreach (var tenant in run.Tenants)
            Say(string.Create(CultureInfo.InvariantCulture, $"  {tenant.Name}: {tenant.Latency.Count:N0} requests, p50 {tenant.Latency.P50:F3} p99 {tenant.Latency.P99:F3} max {tenant.Latency.Max:F2} ms"));
        foreach (var error in run.Errors)
            Say(string.Create(CultureInfo.InvariantCulture, $"  {(error.IsRefusal ? "refused" : "FAILED")} {error.Reason}: {error.FromSending.Count:N0}, answered after p50 {error.FromSending.P50:F2} p99 {error.FromSending.P99:F2} max {error.FromSending.Max:F2} ms; {FirstLine(error.Example)}"));
        foreach (string warning in run.Warnings) Say($"  warning: {warning}");
    }

    /// <summary>Shows what was demanded.</summary>
    public void Show(IEnumerable<Check> checks)
    {
        foreach (var check in checks) Say($"{(check.Passed ? "ok  " : "FAIL")} {check.Name}: {check.Value}");
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
