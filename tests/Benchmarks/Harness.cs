using System.Diagnostics;

namespace AutogradService.Benchmarks;

/// <summary>One thing to time.</summary>
/// <param name="Suite">The suite it belongs to.</param>
/// <param name="Name">What a call does.</param>
/// <param name="Run">The call; whatever it makes it gives back.</param>
/// <param name="Per">Units of work in a call (ops, requests): times are printed per unit.</param>
/// <param name="Unit">The unit's name.</param>
/// <param name="Flops">Floating-point operations in a call, if that says something.</param>
/// <param name="Bytes">Bytes moved by a call, if that says something.</param>
internal sealed record Row(string Suite, string Name, Func<ValueTask> Run, double Per = 1, string Unit = "call", double Flops = 0, double Bytes = 0);

/// <summary>A row's measured times, in nanoseconds per unit.</summary>
internal sealed record Timing(Row Row, double Median, double Minimum, double AllocatedBytes)
{
    public double GflopPerSecond => Row.Flops / (Median * Row.Per);

    public double GigabytesPerSecond => Row.Bytes / (Median * Row.Per);
}

/// <summary>
/// Times rows round by round, all rows in each round, so that whatever else the machine does hits them alike. Ratios between rows of one run
/// mean something; absolute times drift.
/// </summary>
internal static class Harness
{
    private static readonly TimeSpan s_warmup = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(25);

    public static async Task<List<Timing>> MeasureAsync(IReadOnlyList<Row> rows, int rounds)
    {
        var calls = new long[rows.Count];
        for (int i = 0; i < rows.Count; i++) calls[i] = await CallsForASampleAsync(rows[i]);
        var samples = rows.Select(_ => new List<double>()).ToArray();
        var allocated = new double[rows.Count];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < rows.Count; i++)
            {
                long bytes = GC.GetTotalAllocatedBytes();
                long start = Stopwatch.GetTimestamp();
                for (long n = 0; n < calls[i]; n++) await rows[i].Run();
                double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                allocated[i] = (GC.GetTotalAllocatedBytes() - bytes) / (calls[i] * rows[i].Per);
                samples[i].Add(ns / (calls[i] * rows[i].Per));
            }
        return [.. rows.Select((row, i) =>
        {
            samples[i].Sort();
            return new Timing(row, samples[i][samples[i].Count / 2], samples[i][0], allocated[i]);
        })];
    }

    // Warm: a cold kernel is compiled in tiers, and its first calls say nothing.
    private static async Task<long> CallsForASampleAsync(Row row)
    {
        long start = Stopwatch.GetTimestamp(), calls = 0;
        do
        {
            await row.Run();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < s_warmup || calls < 5);
        start = Stopwatch.GetTimestamp();
        await row.Run();
        double one = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return Math.Clamp((long)(s_sample.TotalNanoseconds / Math.Max(one, 1)), 1, 1_000_000);
    }
}
