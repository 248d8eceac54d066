using System.Globalization;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>What a server does with several times the load that it can bear: whether it still does nearly as much, and says no to the rest at once.</summary>
internal static class Overload
{
    private const double GoodputShare = 0.9;
    private const double RefusalMilliseconds = 50;

    /// <summary>Looks at the goodput and at the refusals.</summary>
    /// <param name="peak">A closed loop at its best.</param>
    /// <param name="over">The open loop far above it.</param>
    /// <param name="times">How far.</param>
    public static IEnumerable<Check> Look(RunResult peak, RunResult over, double times)
    {
        double share = over.Throughput / peak.Throughput;
        yield return new Check(Text($"goodput is {GoodputShare:P0} of the peak or more"), Text($"{over.Throughput:N1} of {peak.Throughput:N1}/s, {share:P1}"), share >= GoodputShare);
        var refused = over.Errors.Where(static e => e.IsRefusal).ToArray();
        long count = refused.Sum(static e => e.FromSending.Count);
        yield return new Check("the rest is refused", Text($"{count:N0} refused of {over.Due:N0} due"), count > 0);
        if (count > 0)
        {
            double p99 = refused.Max(static e => e.FromSending.P99), max = refused.Max(static e => e.FromSending.Max);
            yield return new Check(Text($"refused within {RefusalMilliseconds} ms (p99, from sending)"), Text($"p99 {p99:F1} ms, max {max:F1} ms"), p99 <= RefusalMilliseconds);
        }
        long failed = over.ErrorCount - count;
        yield return new Check("nothing fails in any other way", Text($"{failed:N0}: {string.Join(", ", over.Errors.Where(static e => !e.IsRefusal).Select(static e => e.Reason))}"), failed == 0);
        double sent = (over.Due - over.NotStarted) / over.Seconds;
        yield return new Check(Text($"the generator could offer {times:0.#} times the peak"), Text($"{sent:N1}/s sent, {sent / peak.Throughput:0.0} times"), sent >= 0.9 * times * peak.Throughput);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
