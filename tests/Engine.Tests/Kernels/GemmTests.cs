using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutogradService.Engine.Kernels;
using Xunit;

namespace AutogradService.Engine.Tests.Kernels;

[Collection("WorkerPool")]
public sealed unsafe class GemmTests
{
    public enum Width
    {
        Chosen,
        Portable,
        Bits256,
        Bits512,
    }

    public static TheoryData<long, long, long> AwkwardShapes => new()
    {
        { 0, 5, 3 },
        { 5, 0, 3 },
        { 5, 3, 0 },
        { 1, 1, 1 },
        { 5, 3, 1 },
        { 64, 48, 1 },
        { 1, 512, 784 },
        { 512, 1, 784 },
        { 1, 515, 61 },
        { 130, 1, 33 },
        { 64, 10, 512 },
        { 3, 200, 600 },
        { 13, 33, 400 },
        { 255, 257, 383 },
        { 257, 255, 385 },
        { 256, 256, 384 },
        { 200, 2100, 30 },
        { 7, 130, 1025 },
    };

    [Theory]
    [MemberData(nameof(AwkwardShapes))]
    public void Awkward_shapes_match_the_triple_loop_in_every_layout(long m, long n, long k)
    {
        var random = new Random((int)(m * 7919 + n * 31 + k));
        foreach (var width in WidthsFor(m * n * k))
        {
            for (var layout = 0; layout < 9; layout += m * n * k > 1_000_000 ? 2 : 1)
            {
                Check<float>(random, m, n, k, layout % 3, layout / 3, width, accumulate: layout % 2 == 1, bias: layout % 4 >= 2);
                Check<double>(random, m, n, k, layout % 3, layout / 3, width, accumulate: layout % 2 == 0, bias: layout % 4 < 2);
            }
        }
    }

    [Fact]
    public void Random_shapes_match_the_triple_loop_in_every_layout()
    {
        var random = new Random(3);
        for (var i = 0; i < 400; i++)
        {
            long m = random.Next(1, 71), n = random.Next(1, 71), k = random.Next(1, 71);
            var width = i % 8 == 0 ? Width.Bits512 : i % 8 == 1 ? Width.Portable : Width.Bits256;
            Check<float>(random, m, n, k, random.Next(3), random.Next(3), width, random.Next(2) == 0, random.Next(2) == 0);
            Check<double>(random, m, n, k, random.Next(3), random.Next(3), width, random.Next(2) == 0, random.Next(2) == 0);
        }
    }

    [Fact]
    public void Batches_repeat_an_operand_whose_batch_stride_is_zero()
    {
        var random = new Random(4);
        foreach (var (batch, m, n, k) in new[] { (5L, 4L, 6L, 3L), (3L, 65L, 70L, 66L), (40L, 17L, 33L, 20L), (2L, 1L, 40L, 30L) })
        {
            foreach (var (repeatA, repeatB) in new[] { (false, false), (true, false), (false, true) })
            {
                using var a = new Native<double>(random, batch * m * k);
                using var b = new Native<double>(random, batch * k * n);
                using var c = new Native<double>(random, batch * m * n);
                using var bias = new Native<double>(random, n);
                Gemm.MultiplyBatched(batch, m, n, k, a.Data, repeatA ? 0 : m * k, k, 1, b.Data, repeatB ? 0 : k * n, n, 1, c.Data, m * n, n, false, bias.Data);
                for (long i = 0; i < batch; i++)
                {
                    using var expected = new Native<double>(random, m * n);
                    Naive(m, n, k, a.Data + (repeatA ? 0 : i * m * k), k, 1, b.Data + (repeatB ? 0 : i * k * n), n, 1, expected.Data, n, false, bias.Data);
                    for (long j = 0; j < m * n; j++) Assert.Equal(expected.Data[j], c.Data[i * m * n + j], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var random = new Random(6);
        var before = WorkerPool.Threads;
        try
        {
            foreach (var (m, n, k) in new[] { (100L, 130L, 700L), (1L, 999L, 784L), (1000L, 1L, 401L), (333L, 65L, 257L), (70L, 1000L, 66L) })
            {
                for (var layout = 0; layout < 4; layout++)
                {
                    using var a = new Native<float>(random, m * k);
                    using var b = new Native<float>(random, k * n);
                    using var one = new Native<float>(random, m * n);
                    using var many = new Native<float>(random, m * n);
                    var (aRow, aColumn) = layout % 2 == 0 ? (k, 1L) : (1L, m);
                    var (bRow, bColumn) = layout / 2 == 0 ? (n, 1L) : (1L, k);
                    WorkerPool.Configure(1);
                    Gemm.Multiply(m, n, k, a.Data, aRow, aColumn, b.Data, bRow, bColumn, one.Data, n, false);
                    foreach (var threads in new[] { 2, 3, 7 })
                    {
                        WorkerPool.Configure(threads);
                        Gemm.Multiply(m, n, k, a.Data, aRow, aColumn, b.Data, bRow, bColumn, many.Data, n, false);
                        Assert.True(one.Span.SequenceEqual(many.Span), $"{m} x {n} x {k}, layout {layout}, {threads} threads");
                    }
                }
            }
        }
        finally
        {
            WorkerPool.Configure(before);
        }
    }

    [Fact]
    public void NaN_and_infinity_propagate()
    {
        var random = new Random(8);
        foreach (var (m, n, k) in new[] { (3L, 3L, 3L), (40L, 40L, 40L), (1L, 100L, 100L) })
        {
            using var a = new Native<float>(random, m * k);
            using var b = new Native<float>(random, k * n);
            using var c = new Native<float>(random, m * n);
            a.Data[0] = float.NaN;
            // A zero times the NaN is still NaN, in every column of row 0, and nowhere else.
            b.Data[0] = 0;
            Gemm.Multiply(m, n, k, a.Data, k, 1, b.Data, n, 1, c.Data, n, false);
            for (long i = 0; i < m * n; i++) Assert.Equal(i < n, float.IsNaN(c.Data[i]));
        }
    }

    [Fact]
    public void Integers_multiply_exactly_and_wrap()
    {
        var random = new Random(9);
        const long m = 7, n = 19, k = 23;
        using var a = new Native<long>(m * k);
        using var b = new Native<long>(k * n);
        using var c = new Native<long>(m * n);
        foreach (ref var x in a.Span) x = random.NextInt64(long.MinValue, long.MaxValue);
        foreach (ref var x in b.Span) x = random.Next(-1000, 1000);
        foreach (var transposed in new[] { false, true })
        {
            var (bRow, bColumn) = transposed ? (1L, k) : (n, 1L);
            Gemm.MultiplyPortable(m, n, k, a.Data, k, 1, b.Data, bRow, bColumn, c.Data, n, false);
            Gemm.MultiplyPortable(m, n, k, a.Data, k, 1, b.Data, bRow, bColumn, c.Data, n, true);
            for (long i = 0; i < m; i++)
            {
                for (long j = 0; j < n; j++)
                {
                    var sum = 0L;
                    for (long p = 0; p < k; p++) sum += a.Data[i * k + p] * b.Data[p * bRow + j * bColumn];
                    Assert.Equal(2 * sum, c.Data[i * n + j]);
                }
            }
        }
    }

    private static IEnumerable<Width> WidthsFor(long work)
    {
        yield return Width.Chosen;
        // The other widths may run in software here, which takes long for large products.
        if (work < 100_000 || Vector512.IsHardwareAccelerated) yield return Width.Bits512;
        if (work < 1_000_000) yield return Width.Portable;
        yield return Width.Bits256;
    }

    private static void Check<T>(Random random, long m, long n, long k, int aLayout, int bLayout, Width width, bool accumulate, bool bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (aRow, aColumn) = Strides(aLayout, m, k);
        var (bRow, bColumn) = Strides(bLayout, k, n);
        var cRow = n + random.Next(3);
        using var a = new Native<T>(random, m * aRow + k * aColumn + 1);
        using var b = new Native<T>(random, k * bRow + n * bColumn + 1);
        using var c = new Native<T>(random, m * cRow + 1);
        using var expected = new Native<T>(m * cRow + 1);
        using var biases = new Native<T>(random, n + 1);
        c.Span.CopyTo(expected.Span);
        var offset = bias ? biases.Data : null;
        Naive(m, n, k, a.Data, aRow, aColumn, b.Data, bRow, bColumn, expected.Data, cRow, accumulate, offset);
        Multiply(width, m, n, k, a.Data, aRow, aColumn, b.Data, bRow, bColumn, c.Data, cRow, accumulate, offset);
        // Rounding of a sum that grows as sqrt(k), sqrt(k) steps of a random walk, for both sides.
        var tolerance = Math.ScaleB(16 + 2 * k, typeof(T) == typeof(float) ? -24 : -53);
        for (long i = 0; i < m * cRow; i++)
        {
            var error = Math.Abs(double.CreateChecked(expected.Data[i]) - double.CreateChecked(c.Data[i]));
            Assert.True(error <= tolerance, $"{typeof(T).Name} {m} x {n} x {k}, layouts {aLayout} {bLayout}, {width}, accumulate {accumulate}, bias {bias}: element {i} is off by {error}");
        }
    }

    private static (long Row, long Column) Strides(int layout, long rows, long columns) => layout switch
    {
        0 => (columns + 2, 1),
        1 => (1, rows),
        _ => (2 * columns + 1, 2),
    };

    private static void Multiply<T>(Width width, long m, long n, long k, T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, bool accumulate, T* bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (width == Width.Chosen)
        {
            Gemm.Multiply(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, bias);
            return;
        }

        var problem = new GemmProblem<T>(m, n, k, new(a, 0, aRow, aColumn), new(b, 0, bRow, bColumn), new(c, 0, cRow, 1), accumulate, bias);
        if (width == Width.Bits512) GemmDriver<Simd512<T>, Vector512<T>, T>.Multiply(problem, 1);
        else if (width == Width.Bits256) GemmDriver<Simd256<T>, Vector256<T>, T>.Multiply(problem, 1);
        else GemmDriver<SimdPortable<T>, Vector<T>, T>.Multiply(problem, 1);
    }

    private static void Naive<T>(long m, long n, long k, T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, bool accumulate, T* bias)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < m; i++)
        {
            for (long j = 0; j < n; j++)
            {
                var sum = (accumulate ? double.CreateChecked(c[i * cRow + j]) : 0) + (bias == null ? 0 : double.CreateChecked(bias[j]));
                for (long p = 0; p < k; p++) sum += double.CreateChecked(a[i * aRow + p * aColumn]) * double.CreateChecked(b[p * bRow + j * bColumn]);
                c[i * cRow + j] = T.CreateTruncating(sum);
            }
        }
    }

    /// <summary>Native memory of numbers in [-1, 1), ended by the test.</summary>
    private sealed class Native<T>(long length) : IDisposable
        where T : unmanaged
    {
        public Native(Random random, long length)
            : this(length)
        {
            foreach (ref var x in Span)
            {
                var value = random.NextDouble() * 2 - 1;
                x = typeof(T) == typeof(float) ? (T)(object)(float)value : (T)(object)value;
            }
        }

        public T* Data { get; } = (T*)NativeMemory.AllocZeroed((nuint)Math.Max(1, length), (nuint)sizeof(T));

        public Span<T> Span => new(Data, (int)length);

        public void Dispose() => NativeMemory.Free(Data);
    }
}
