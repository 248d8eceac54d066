using System.Globalization;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>A steady load for long, and whether the server stays what it was.</summary>
internal static class Soak
{
    private const double SettlingShare = 0.25;
    private const double FlatShare = 0.03;
    private const double RefusedShareMax = 0.001;
    private const double NoiseBytes = 4 << 20;
    private const double NoiseCount = 4;
    private const double Megabyte = 1 << 20;

    /// <summary>Looks at what a server uses, once it has settled.</summary>
    public static IEnumerable<Check> Look(RunResult run)
    {
        // A burst may find the server busy, and be told so by a reason; nothing else may happen to a request.
        long refused = run.Errors.Where(static e => e.IsRefusal).Sum(static e => e.FromSending.Count), failed = run.ErrorCount - refused;
        yield return new Check("no request fails", Text($"{failed:N0} of {run.Due:N0}; {refused:N0} were refused, {(double)refused / Math.Max(1, run.Due):P2}"), failed == 0 && refused <= RefusedShareMax * run.Due);
        foreach (var check in (Check?[])
        [
            Of(run, "resident memory", static s => s.ResidentBytes, NoiseBytes, Megabyte, "MB"),
            Of(run, "garbage-collected heap", static s => s.HeapBytes, NoiseBytes, Megabyte, "MB"),
            Of(run, "threads", static s => s.Threads, NoiseCount, 1, ""),
            Of(run, "open files and sockets", static s => s.Handles, NoiseCount, 1, ""),
        ])
            if (check is not null) yield return check;
    }

    private static Check? Of(RunResult run, string name, Func<ServerSample, double?> measure, double noise, double unit, string unitName)
    {
        double from = run.Seconds * SettlingShare;
        (double, double)[] points = [.. run.Server.Where(s => s.Second >= from && measure(s) is not null).Select(s => (s.Second, measure(s)!.Value))];
        // A metric that is missing is no verdict, and no reason to fail.
        return Trend.Fit(points) is { } trend
            ? new Check($"{name} does not grow", Text($"{trend.Level / unit:0.#} {unitName}, {trend.Growth / unit:+0.##;-0.##;0} {unitName} in {run.Seconds - from:N0} s ({trend.PerHour / unit:+0.#;-0.#;0} {unitName} an hour)"), trend.IsFlat(FlatShare, noise))
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
