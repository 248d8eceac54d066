using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutogradService.Benchmarks;

/// <summary>What this machine can do at most, measured: fused multiply-adds, and bytes from and to each level of memory.</summary>
internal sealed unsafe class Machine
{
    private const int Lanes512 = 16;
    private const int Lanes256 = 8;
    private const int Chains = 12;
    private const long BytesInL2 = 192 << 10;
    private const long BytesInL3 = 4 << 20;
    private const long BytesInDram = 192 << 20;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(15);
    private readonly Dictionary<int, Limits> _limits = [];

    /// <summary>Measures, with each of some thread counts.</summary>
    public Machine(IEnumerable<int> threads)
    {
        foreach (int count in threads)
            _limits[count] = new Limits(Best(count, static (end, gate) => MultiplyAdds(end, gate)), Bandwidth(count, BytesInL2), Bandwidth(count, BytesInL3), Bandwidth(count, BytesInDram));
    }

    /// <summary>The vectors used.</summary>
    public static string Vectors => Vector512.IsHardwareAccelerated ? "AVX-512" : Fma.IsSupported ? "AVX2 with FMA" : $"{Vector<byte>.Count * 8}-bit vectors, no fused multiply-add";

    /// <summary>The limits with so many threads; GFLOP/s and GB/s.</summary>
    public Limits this[int threads] => _limits[threads];

    /// <summary>What share of the limit a timing reaches; 0 if its row names no work.</summary>
    public double Share(Timing timing)
    {
        if (!_limits.TryGetValue(timing.Threads, out var limits)) return 0;
        if (timing.Row.Flops > 0) return timing.GflopPerSecond / (limits.Gflops * (timing.Row.Double ? 0.5 : 1));
        if (timing.Row.Bytes <= 0) return 0;
        return timing.GigabytesPerSecond / (timing.Row.Bytes <= 2 * BytesInL2 ? limits.L2 : timing.Row.Bytes <= 2 * BytesInL3 ? limits.L3 : limits.Dram);
    }

    // A sum of two arrays into a third: what an elementwise op does.
    private static double Bandwidth(int threads, long bytes)
    {
        nuint count = (nuint)(bytes / 3 / sizeof(float) & ~255L);
        var arrays = new nint[threads];
        for (int i = 0; i < threads; i++)
        {
            arrays[i] = (nint)NativeMemory.AlignedAlloc(3 * count * sizeof(float), 4096);
            new Span<float>((void*)arrays[i], (int)(3 * count)).Fill(1);
        }
        int next = 0;
        double best = Best(threads, (end, gate) =>
        {
            float* a = (float*)arrays[Interlocked.Increment(ref next) % threads];
            gate.SignalAndWait();
            long start = Stopwatch.GetTimestamp(), loops = 0;
            do
            {
                Sum(a, a + count, a + 2 * count, count);
                loops++;
            }
            while (Stopwatch.GetTimestamp() - start < end);
            return loops * 3.0 * count * sizeof(float) / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        });
        foreach (nint array in arrays) NativeMemory.AlignedFree((void*)array);
        return best;
    }

    // The best of some tries, added up over threads that start together.
    private static double Best(int threads, Func<long, Barrier, double> measure)
    {
        double best = 0;
        long ticks = (long)(s_slice.TotalSeconds * Stopwatch.Frequency);
        for (int attempt = 0; attempt < 16; attempt++)
        {
            using var gate = new Barrier(threads);
            var rates = new double[threads];
            var all = Enumerable.Range(0, threads).Select(i => new Thread(() => rates[i] = measure(ticks, gate))).ToArray();
            foreach (var thread in all) thread.Start();
            foreach (var thread in all) thread.Join();
            best = Math.Max(best, rates.Sum());
        }
        return best;
    }

    private static double MultiplyAdds(long ticks, Barrier gate)
    {
        const int Turns = 20_000;
        float sink = 0;
        gate.SignalAndWait();
        long start = Stopwatch.GetTimestamp(), loops = 0;
        do
        {
            sink += Vector512.IsHardwareAccelerated ? Chains512(Turns) : Chains256(Turns);
            loops++;
        }
        while (Stopwatch.GetTimestamp() - start < ticks);
        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        GC.KeepAlive(sink);
        return 2.0 * loops * Turns * Chains * (Vector512.IsHardwareAccelerated ? Lanes512 : Lanes256) / ns;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains512(int turns)
    {
        var m = Vector512.Create(0.999f);
        Vector512<float> a = m, b = m, c = m, d = m, e = m, f = m, g = m, h = m, i = m, j = m, k = m, l = m;
        for (int n = 0; n < turns; n++)
        {
            a = Vector512.FusedMultiplyAdd(a, m, m);
            b = Vector512.FusedMultiplyAdd(b, m, m);
            c = Vector512.FusedMultiplyAdd(c, m, m);
            d = Vector512.FusedMultiplyAdd(d, m, m);
            e = Vector512.FusedMultiplyAdd(e, m, m);
            f = Vector512.FusedMultiplyAdd(f, m, m);
            g = Vector512.FusedMultiplyAdd(g, m, m);
            h = Vector512.FusedMultiplyAdd(h, m, m);
            i = Vector512.FusedMultiplyAdd(i, m, m);
            j = Vector512.FusedMultiplyAdd(j, m, m);
            k = Vector512.FusedMultiplyAdd(k, m, m);
            l = Vector512.FusedMultiplyAdd(l, m, m);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains256(int turns)
    {
        var m = Vector256.Create(0.999f);
        Vector256<float> a = m, b = m, c = m, d = m, e = m, f = m, g = m, h = m, i = m, j = m, k = m, l = m;
        for (int n = 0; n < turns; n++)
        {
            a = Vector256.MultiplyAddEstimate(a, m, m);
            b = Vector256.MultiplyAddEstimate(b, m, m);
            c = Vector256.MultiplyAddEstimate(c, m, m);
            d = Vector256.MultiplyAddEstimate(d, m, m);
            e = Vector256.MultiplyAddEstimate(e, m, m);
            f = Vector256.MultiplyAddEstimate(f, m, m);
            g = Vector256.MultiplyAddEstimate(g, m, m);
            h = Vector256.MultiplyAddEstimate(h, m, m);
            i = Vector256.MultiplyAddEstimate(i, m, m);
            j = Vector256.MultiplyAddEstimate(j, m, m);
            k = Vector256.MultiplyAddEstimate(k, m, m);
            l = Vector256.MultiplyAddEstimate(l, m, m);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum(float* a, float* b, float* c, nuint count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (nuint i = 0; i < count; i += 4 * Lanes512)
            {
                Vector512.Store(Vector512.Load(a + i) + Vector512.Load(b + i), c + i);
                Vector512.Store(Vector512.Load(a + i + 16) + Vector512.Load(b + i + 16), c + i + 16);
                Vector512.Store(Vector512.Load(a + i + 32) + Vector512.Load(b + i + 32), c + i + 32);
                Vector512.Store(Vector512.Load(a + i + 48) + Vector512.Load(b + i + 48), c + i + 48);
            }
            return;
        }
        for (nuint i = 0; i < count; i += 4 * Lanes256)
        {
            Vector256.Store(Vector256.Load(a + i) + Vector256.Load(b + i), c + i);
            Vector256.Store(Vector256.Load(a + i + 8) + Vector256.Load(b + i + 8), c + i + 8);
            Vector256.Store(Vector256.Load(a + i + 16) + Vector256.Load(b + i + 16), c + i + 16);
            Vector256.Store(Vector256.Load(a + i + 24) + Vector256.Load(b + i + 24), c + i + 24);
        }
    }

    /// <summary>Limits with some number of threads together: GFLOP/s in float32, and GB/s of an elementwise sum in L2, L3 and DRAM.</summary>
    internal readonly record struct Limits(double Gflops, double L2, double L3, double Dram);
}
