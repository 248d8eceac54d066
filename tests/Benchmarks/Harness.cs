using System.Diagnostics;
using AutogradService.Engine;

namespace AutogradService.Benchmarks;

/// <summary>
/// Times a row's variants in turn, round by round, so that whatever else the machine does hits them alike. Samples during which another process
/// had a core are dropped and repeated. Ratios between variants of a row mean something; absolute times drift.
/// </summary>
internal sealed class Harness(int rounds, Peer? peer, int[] threads)
{
    /// <summary>With fewer undisturbed samples than this, the disturbed ones count too.</summary>
    public const int CleanMin = 3;

    private const int AttemptsPerRound = 4;
    private static readonly TimeSpan s_warmup = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan s_concurrentSample = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_rowMax = TimeSpan.FromSeconds(40);

    /// <summary>Times one row.</summary>
    public async Task<List<Timing>> MeasureAsync(Row row)
    {
        var variants = row.Prepare().ToList();
        if (peer is not null && row.PeerRow is { } name && peer.Prepare(name) is { } loop)
            variants.AddRange(variants.Where(v => v.Who == Who.Ours).Select(v => v.Threads).Distinct().ToArray().Select(t => Variant.Of(Who.Peer, t, loop)));
        var sample = row.Concurrent ? s_concurrentSample : s_sample;
        var calls = new long[variants.Count];
        for (int i = 0; i < calls.Length; i++) calls[i] = await WarmAsync(variants[i], sample);
        var clean = variants.Select(_ => new List<double>()).ToArray();
        var disturbed = variants.Select(_ => new List<double>()).ToArray();
        var allocated = new double[variants.Count];
        var processor = variants.Select(_ => new List<double>()).ToArray();
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 0; attempt < AttemptsPerRound * rounds && clean.Any(c => c.Count < rounds); attempt++)
        {
            if (Stopwatch.GetElapsedTime(start) > s_rowMax && attempt >= CleanMin) break;
            for (int i = 0; i < variants.Count; i++)
            {
                if (clean[i].Count >= rounds) continue;
                var variant = variants[i];
                double per = calls[i] * (variant.Who == Who.Peer ? row.PeerPer : row.Per);
                SetThreads(variant);
                // Whatever the variant before left: garbage, spinning threads, its data in the caches.
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                Thread.Sleep(3);
                await variant.Run(Math.Max(1, calls[i] / 10));
                long bytes = GC.GetTotalAllocatedBytes(precise: true);
                var before = Processors.Read(row.Concurrent);
                var busy = Environment.CpuUsage.TotalTime;
                long from = Stopwatch.GetTimestamp();
                await variant.Run(calls[i]);
                double elapsed = Stopwatch.GetElapsedTime(from).TotalNanoseconds;
                processor[i].Add((Environment.CpuUsage.TotalTime - busy).TotalNanoseconds / per);
                var after = Processors.Read(row.Concurrent);
                allocated[i] = (GC.GetTotalAllocatedBytes(precise: true) - bytes) / per;
                (Processors.Undisturbed(before, after, elapsed, row.Concurrent) ? clean : disturbed)[i].Add(elapsed / per);
            }
        }
        return [.. variants.Select((variant, i) =>
        {
            int count = clean[i].Count;
            // Better noisy numbers that say so than none.
            if (count < CleanMin) clean[i].AddRange(disturbed[i]);
            clean[i].Sort();
            processor[i].Sort();
            return new Timing(row, variant.Who, variant.Threads, clean[i][clean[i].Count / 2], clean[i][0], processor[i][processor[i].Count / 2], allocated[i], count, count + disturbed[i].Count);
        })];
    }

    /// <summary>A variant of ours for each thread count.</summary>
    public IEnumerable<Variant> Ours(Action call) => threads.Select(t => Variant.Of(Who.Ours, t, calls =>
    {
        for (long i = 0; i < calls; i++) call();
    }));

    private void SetThreads(Variant variant)
    {
        if (variant.Who == Who.Peer) peer!.SetThreads(variant.Threads);
        else if (KernelThreads.Count != variant.Threads) KernelThreads.Set(variant.Threads);
    }

    // Warm: a cold kernel is compiled in tiers, and its first calls say nothing; the compiler needs a moment without calls to get on.
    private async Task<long> WarmAsync(Variant variant, TimeSpan sample)
    {
        SetThreads(variant);
        long start = Stopwatch.GetTimestamp(), calls = 1;
        TimeSpan last;
        do
        {
            long from = Stopwatch.GetTimestamp();
            await variant.Run(calls);
            last = Stopwatch.GetElapsedTime(from);
            if (last < sample / 2) calls *= 2;
        }
        while (Stopwatch.GetElapsedTime(start) < s_warmup);
        Thread.Sleep(120);
        long again = Stopwatch.GetTimestamp();
        await variant.Run(calls);
        double one = Stopwatch.GetElapsedTime(again).TotalNanoseconds / calls;
        return Math.Clamp((long)(sample.TotalNanoseconds / Math.Max(one, 1)), 1, 10_000_000);
    }
}
