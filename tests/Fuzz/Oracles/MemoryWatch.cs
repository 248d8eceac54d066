using System.Diagnostics;
using System.Globalization;
using AutogradService.Fuzz.Target;
using AutogradService.LoadTests.Experiments;

namespace AutogradService.Fuzz.Oracles;

/// <summary>
/// What this process, the server and its clients, holds while nobody does anything and after everything was collected that can be: told at intervals, and judged at the end by how it grew
/// in the second half, when caches are full and most code is compiled.
/// </summary>
internal sealed class MemoryWatch(ServerUnderTest server, TextWriter output)
{
    private const double Mebibyte = 1 << 20;
    private const int SamplesMin = 8;
    private readonly List<Sample> _samples = [];

    private readonly record struct Sample(double Second, long Cases, double Managed, double Resident, double Handles, double Threads);

    /// <summary>Looks, and tells. The server is at rest.</summary>
    public void Look(TimeSpan time, long cases, int findings)
    {
        for (int i = 0; i < 2; i++)
        {
            // What a finalizer lets go is garbage only the next time.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        var heap = GC.GetGCMemoryInfo();
        var sample = new Sample(time.TotalSeconds, cases, GC.GetTotalMemory(false), process.WorkingSet64, process.HandleCount, process.Threads.Count);
        _samples.Add(sample);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{time:hh\\:mm\\:ss}  {cases} cases, {findings} findings; {sample.Managed / Mebibyte:F1} MiB live, {heap.TotalCommittedBytes / Mebibyte:F0} MiB of heap, {sample.Resident / Mebibyte:F0} MiB resident; left: {server.Left}; {sample.Handles} handles, {sample.Threads} threads"));
    }

    /// <summary>What grows; null if nothing does, or if there is too little to judge by.</summary>
    public string? Judge()
    {
        if (_samples.Count < SamplesMin) return null;
        // What may change is what pools keep: Kestrel's and ArrayPool's, by thread.
        var warm = _samples.Skip(_samples.Count / 2).ToList();
        string[] growing =
        [
            .. Grows(warm, "live managed MiB", static s => s.Managed / Mebibyte, 12),
            .. Grows(warm, "resident MiB", static s => s.Resident / Mebibyte, 40),
            .. Grows(warm, "handles", static s => s.Handles, 20),
            .. Grows(warm, "threads", static s => s.Threads, 20),
        ];
        return growing.Length == 0 ? null : "grows: " + string.Join(", ", growing);
    }

    private IEnumerable<string> Grows(List<Sample> samples, string name, Func<Sample, double> of, double noise)
    {
        const double share = 0.03;
        if (Trend.Fit([.. samples.Select(s => (s.Second, of(s)))]) is not { } trend) yield break;
        long cases = samples[^1].Cases - samples[0].Cases;
        string text = string.Create(CultureInfo.InvariantCulture, $"{name}: {trend.Level:F1}, {trend.Growth:+0.0;-0.0;0} in the last {cases} cases ({trend.PerHour:+0.0;-0.0;0} an hour)");
        output.WriteLine(text);
        if (!trend.IsFlat(share, noise)) yield return text;
    }
}
