using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Operations on contiguous vectors, as decompositions are made of them (the first level of BLAS).</summary>
internal static unsafe class VectorRow
{
    /// <summary>Sum of x[i] y[i].</summary>
    public static T Dot<T>(T* x, T* y, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long i = 0;
        Vector<T> a = default, b = default;
        for (; i + 2 * Vector<T>.Count <= n; i += 2 * Vector<T>.Count)
        {
            a += Vector.Load(x + i) * Vector.Load(y + i);
            b += Vector.Load(x + i + Vector<T>.Count) * Vector.Load(y + i + Vector<T>.Count);
        }
        T sum = Vector.Sum(a + b);
        for (; i < n; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += a x.</summary>
    public static void Axpy<T>(T a, T* x, T* y, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long i = 0;
        var factor = Vector.Create(a);
        for (; i + Vector<T>.Count <= n; i += Vector<T>.Count) Vector.Store(Vector.Load(y + i) + factor * Vector.Load(x + i), y + i);
        for (; i < n; i++) y[i] += a * x[i];
    }

    /// <summary>x *= a.</summary>
    public static void Scale<T>(T a, T* x, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long i = 0; i < n; i++) x[i] *= a;
    }

    /// <summary>(x, y) = (c x + s y, c y - s x): a plane rotation.</summary>
    public static void Rotate<T>(T* x, T* y, long n, T c, T s) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long i = 0;
        Vector<T> cosine = Vector.Create(c), sine = Vector.Create(s);
        for (; i + Vector<T>.Count <= n; i += Vector<T>.Count)
        {
            Vector<T> a = Vector.Load(x + i), b = Vector.Load(y + i);
            Vector.Store(cosine * a + sine * b, x + i);
            Vector.Store(cosine * b - sine * a, y + i);
        }
        for (; i < n; i++) (x[i], y[i]) = (c * x[i] + s * y[i], c * y[i] - s * x[i]);
    }

    /// <summary>Exchanges two vectors.</summary>
    public static void Swap<T>(T* x, T* y, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long i = 0; i < n; i++) (x[i], y[i]) = (y[i], x[i]);
    }

    /// <summary>Euclidean length; neither overflows nor underflows before the result does.</summary>
    public static T Norm<T>(T* x, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T squares = Dot(x, x, n);
        if (T.IsFinite(squares) && squares > Precision<T>.SmallSquare || T.IsNaN(squares)) return T.Sqrt(squares);
        T largest = T.Zero;
        for (long i = 0; i < n; i++) largest = T.Max(largest, T.Abs(x[i]));
        if (largest == T.Zero || !T.IsFinite(largest)) return largest;
        squares = T.Zero;
        for (long i = 0; i < n; i++) squares += x[i] / largest * (x[i] / largest);
        return largest * T.Sqrt(squares);
    }
}

/// <summary>Constants of a floating type.</summary>
internal static class Precision<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Largest relative error of rounding: half the distance from 1 to the next number.</summary>
    public static readonly T Epsilon = typeof(T) == typeof(float) ? T.CreateTruncating(Math.ScaleB(1, -24)) : T.CreateTruncating(Math.ScaleB(1, -53));

    /// <summary>The smallest normal number.</summary>
    public static readonly T SafeMinimum = typeof(T) == typeof(float) ? T.CreateTruncating(Math.ScaleB(1, -126)) : T.CreateTruncating(Math.ScaleB(1, -1022));

    /// <summary>Sums of squares below this have lost digits.</summary>
    public static readonly T SmallSquare = SafeMinimum / (Epsilon * Epsilon);

    /// <summary>The distance from 1 to the next number (torch.finfo.eps).</summary>
    public static readonly T Ulp = Epsilon + Epsilon;
}
