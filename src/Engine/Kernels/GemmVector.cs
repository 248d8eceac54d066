using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Matrix times vector, bound by memory: no packing, each element of the matrix is read once.</summary>
internal static unsafe class GemmVector<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// y[i] (+)= sum over p of matrix[i outStride + p depthStride] x[p xStride] (+ bias[i biasStride]). One of the matrix's two strides must be 1.
    /// An element's bits depend on neither the number of outputs nor its place among them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        long outputs, long depth, T* matrix, long outStride, long depthStride, T* x, long xStride, T* y, long yStride, bool accumulate, T* bias, long biasStride)
    {
        // Scratch: x made contiguous, then the outputs that cannot be stored in place.
        var scratch = (T*)GemmScratch.Get((nuint)((depth + 8 * TSimd.Count) * sizeof(T)));
        if (xStride != 1)
        {
            for (long p = 0; p < depth; p++) scratch[p] = x[p * xStride];
            x = scratch;
        }

        if (depthStride == 1) Dots(outputs, depth, matrix, outStride, x, y, yStride, accumulate, bias, biasStride);
        else Columns(outputs, depth, matrix, depthStride, x, scratch + depth, y, yStride, accumulate, bias, biasStride);
    }

    /// <summary>Each output's numbers are contiguous: four dot products at a time, each in two vector accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(long outputs, long depth, T* matrix, long outStride, T* x, T* y, long yStride, bool accumulate, T* bias, long biasStride)
    {
        long i = 0;
        var step = 2 * TSimd.Count;
        for (; i + 4 <= outputs; i += 4)
        {
            T* m0 = matrix + i * outStride, m1 = m0 + outStride, m2 = m1 + outStride, m3 = m2 + outStride;
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero, t0 = TSimd.Zero, t1 = TSimd.Zero, t2 = TSimd.Zero, t3 = TSimd.Zero;
            long p = 0;
            for (; p + step <= depth; p += step)
            {
                var first = TSimd.Load(x + p);
                var second = TSimd.Load(x + p + TSimd.Count);
                s0 = TSimd.MultiplyAdd(first, TSimd.Load(m0 + p), s0);
                s1 = TSimd.MultiplyAdd(first, TSimd.Load(m1 + p), s1);
                s2 = TSimd.MultiplyAdd(first, TSimd.Load(m2 + p), s2);
                s3 = TSimd.MultiplyAdd(first, TSimd.Load(m3 + p), s3);
                t0 = TSimd.MultiplyAdd(second, TSimd.Load(m0 + p + TSimd.Count), t0);
                t1 = TSimd.MultiplyAdd(second, TSimd.Load(m1 + p + TSimd.Count), t1);
                t2 = TSimd.MultiplyAdd(second, TSimd.Load(m2 + p + TSimd.Count), t2);
                t3 = TSimd.MultiplyAdd(second, TSimd.Load(m3 + p + TSimd.Count), t3);
            }

            T r0 = TSimd.Sum(TSimd.Add(s0, t0)), r1 = TSimd.Sum(TSimd.Add(s1, t1)), r2 = TSimd.Sum(TSimd.Add(s2, t2)), r3 = TSimd.Sum(TSimd.Add(s3, t3));
            for (; p < depth; p++)
            {
                r0 = T.FusedMultiplyAdd(x[p], m0[p], r0);
                r1 = T.FusedMultiplyAdd(x[p], m1[p], r1);
                r2 = T.FusedMultiplyAdd(x[p], m2[p], r2);
                r3 = T.FusedMultiplyAdd(x[p], m3[p], r3);
            }

            Put(r0, y + i * yStride, accumulate, bias, i * biasStride);
            Put(r1, y + (i + 1) * yStride, accumulate, bias, (i + 1) * biasStride);
            Put(r2, y + (i + 2) * yStride, accumulate, bias, (i + 2) * biasStride);
            Put(r3, y + (i + 3) * yStride, accumulate, bias, (i + 3) * biasStride);
        }

        for (; i < outputs; i++)
        {
            var m = matrix + i * outStride;
            TVector s = TSimd.Zero, t = TSimd.Zero;
            long p = 0;
            for (; p + step <= depth; p += step)
            {
                s = TSimd.MultiplyAdd(TSimd.Load(x + p), TSimd.Load(m + p), s);
                t = TSimd.MultiplyAdd(TSimd.Load(x + p + TSimd.Count), TSimd.Load(m + p + TSimd.Count), t);
            }

            var r = TSimd.Sum(TSimd.Add(s, t));
            for (; p < depth; p++) r = T.FusedMultiplyAdd(x[p], m[p], r);
            Put(r, y + i * yStride, accumulate, bias, i * biasStride);
        }
    }

    /// <summary>The outputs are contiguous for every p: blocks of eight vectors of outputs stay in registers while p runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(
        long outputs, long depth, T* matrix, long depthStride, T* x, T* block, T* y, long yStride, bool accumulate, T* bias, long biasStride)
    {
        long i = 0;
        var count = TSimd.Count;
        for (; i + 8 * count <= outputs; i += 8 * count)
        {
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero, s4 = TSimd.Zero, s5 = TSimd.Zero, s6 = TSimd.Zero, s7 = TSimd.Zero;
            var m = matrix + i;
            for (long p = 0; p < depth; p++, m += depthStride)
            {
                var factor = TSimd.Broadcast(x + p);
                s0 = TSimd.MultiplyAdd(factor, TSimd.Load(m), s0);
                s1 = TSimd.MultiplyAdd(factor, TSimd.Load(m + count), s1);
                s2 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 2 * count), s2);
                s3 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 3 * count), s3);
                s4 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 4 * count), s4);
                s5 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 5 * count), s5);
                s6 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 6 * count), s6);
                s7 = TSimd.MultiplyAdd(factor, TSimd.Load(m + 7 * count), s7);
            }

            TSimd.Store(s0, block);
            TSimd.Store(s1, block + count);
            TSimd.Store(s2, block + 2 * count);
            TSimd.Store(s3, block + 3 * count);
            TSimd.Store(s4, block + 4 * count);
            TSimd.Store(s5, block + 5 * count);
            TSimd.Store(s6, block + 6 * count);
            TSimd.Store(s7, block + 7 * count);
            for (long lane = 0; lane < 8 * count; lane++) Put(block[lane], y + (i + lane) * yStride, accumulate, bias, (i + lane) * biasStride);
        }

        for (; i + count <= outputs; i += count)
        {
            var s = TSimd.Zero;
            for (long p = 0; p < depth; p++) s = TSimd.MultiplyAdd(TSimd.Broadcast(x + p), TSimd.Load(matrix + i + p * depthStride), s);
            TSimd.Store(s, block);
            for (long lane = 0; lane < count; lane++) Put(block[lane], y + (i + lane) * yStride, accumulate, bias, (i + lane) * biasStride);
        }

        for (; i < outputs; i++)
        {
            var r = T.Zero;
            for (long p = 0; p < depth; p++) r = T.FusedMultiplyAdd(x[p], matrix[i + p * depthStride], r);
            Put(r, y + i * yStride, accumulate, bias, i * biasStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T value, T* target, bool accumulate, T* bias, long biasIndex)
    {
        if (accumulate) value = *target + value;
        *target = bias == null ? value : value + bias[biasIndex];
    }
}
