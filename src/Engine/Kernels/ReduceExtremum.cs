using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Which of two numbers an extremum keeps. NaN is handled outside.</summary>
internal interface IOrder<T>
    where T : unmanaged
{
    static abstract Vector<T> Pick(Vector<T> x, Vector<T> y);

    static abstract T Pick(T x, T y);
}

internal readonly struct Larger<T> : IOrder<T>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pick(Vector<T> x, Vector<T> y) => Vector.MaxNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pick(T x, T y) => y > x ? y : x;
}

internal readonly struct Smaller<T> : IOrder<T>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pick(Vector<T> x, Vector<T> y) => Vector.MinNative(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pick(T x, T y) => y < x ? y : x;
}

/// <summary>
/// Largest and smallest numbers. The machine's max and min lose NaN depending on the order of operands, so whether all were ordered is tracked beside them.
/// </summary>
internal static unsafe class ReduceExtremum
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Row<T, TOrder>(T* x, long n)
        where T : unmanaged, INumber<T>
        where TOrder : struct, IOrder<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        var first = Vector.Create(*x);
        Vector<T> m0 = first, m1 = first, m2 = first, m3 = first;
        // All bits stay set while no element was NaN (only a NaN differs from itself).
        var ordered = Vector<T>.AllBitsSet;
        long i = 0;
        for (; i + 4 * Vector<T>.Count <= n; i += 4 * Vector<T>.Count)
        {
            Vector<T> v0 = Vector.Load(x + i), v1 = Vector.Load(x + i + Vector<T>.Count);
            Vector<T> v2 = Vector.Load(x + i + 2 * Vector<T>.Count), v3 = Vector.Load(x + i + 3 * Vector<T>.Count);
            m0 = TOrder.Pick(m0, v0);
            m1 = TOrder.Pick(m1, v1);
            m2 = TOrder.Pick(m2, v2);
            m3 = TOrder.Pick(m3, v3);
            ordered &= Vector.Equals(v0, v0) & Vector.Equals(v1, v1) & (Vector.Equals(v2, v2) & Vector.Equals(v3, v3));
        }

        for (; i < n; i += Vector<T>.Count)
        {
            var v = i + Vector<T>.Count <= n ? Vector.Load(x + i) : ReduceSum.LoadTail(x + i, n - i, *x);
            m0 = TOrder.Pick(m0, v);
            ordered &= Vector.Equals(v, v);
        }

        if (!Vector.EqualsAll(ordered.As<T, byte>(), Vector<byte>.AllBitsSet)) return NaN<T>();
        m0 = TOrder.Pick(TOrder.Pick(m0, m1), TOrder.Pick(m2, m3));
        var result = m0[0];
        for (var lane = 1; lane < Vector<T>.Count; lane++) result = TOrder.Pick(result, m0[lane]);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns<T, TOrder>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T>
        where TOrder : struct, IOrder<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var nan = Vector.Create(NaN<T>());
        for (long j = 0; j < columns; j += Vector<T>.Count)
        {
            var whole = j + Vector<T>.Count <= columns;
            var left = columns - j;
            var result = whole ? Vector.Load(x + j) : ReduceSum.LoadTail(x + j, left, T.Zero);
            var ordered = Vector.Equals(result, result);
            for (long i = 1; i < rows; i++)
            {
                var row = x + i * rowStride + j;
                var v = whole ? Vector.Load(row) : ReduceSum.LoadTail(row, left, T.Zero);
                result = TOrder.Pick(result, v);
                ordered &= Vector.Equals(v, v);
            }

            result = Vector.ConditionalSelect(ordered, result, nan);
            if (whole) Vector.Store(result, y + j);
            else ReduceSum.StoreTail(result, y + j, left);
        }
    }

    /// <summary>The index of the first element equal to the value, or of the first NaN if the value is NaN. It must occur.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long IndexOf<T>(T* x, long n, T value)
        where T : unmanaged, INumber<T>
    {
        long i = 0;
        if (T.IsNaN(value))
        {
            for (; i + Vector<T>.Count <= n; i += Vector<T>.Count)
            {
                var v = Vector.Load(x + i);
                if (!Vector.EqualsAll(v, v)) break;
            }

            while (!T.IsNaN(x[i])) i++;
            return i;
        }

        var wanted = Vector.Create(value);
        for (; i + Vector<T>.Count <= n; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(Vector.Load(x + i), wanted)) break;
        }

        while (x[i] != value) i++;
        return i;
    }

    private static T NaN<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return (T)(object)float.NaN;
        if (typeof(T) == typeof(double)) return (T)(object)double.NaN;
        return default;
    }
}
