using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Singular values of a bidiagonal matrix by implicit QR iteration, zero-shift where that keeps small values accurate (LAPACK's bdsqr; Demmel and Kahan 1990).</summary>
internal static unsafe class Bidiagonal
{
    private const int SweepsMax = 6;

    /// <summary>As <see cref="Decompose"/>, for a matrix with e below the diagonal: rotated to upper form first.</summary>
    /// <param name="rotations">Room for 2 n numbers.</param>
    public static int DecomposeLower<T>(long n, T* d, T* e, MatrixSpan<T> left, MatrixSpan<T> right, T* rotations) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T* cosines = rotations, sines = rotations + n;
        for (long i = 0; i < n - 1; i++)
        {
            Rotation.Make(d[i], e[i], out T c, out T s, out T r);
            d[i] = r;
            e[i] = s * d[i + 1];
            d[i + 1] = c * d[i + 1];
            (cosines[i], sines[i]) = (c, -s);
        }
        int info = Decompose(n, d, e, left, right);
        if (left.Rows > 0)
            for (long k = 0; k < n; k++)
                for (long i = n - 2; i >= 0; i--)
                {
                    T* row = left.Row(k) + i;
                    (row[0], row[1]) = (cosines[i] * row[0] + sines[i] * row[1], cosines[i] * row[1] - sines[i] * row[0]);
                }
        return info;
    }

    /// <summary>Turns d, with e above it, into singular values, descending.</summary>
    /// <param name="n">The order.</param>
    /// <param name="d">The diagonal; the values afterwards.</param>
    /// <param name="e">The n - 1 elements above it; destroyed.</param>
    /// <param name="left">Rows that the left rotations act on, or none.</param>
    /// <param name="right">Rows that the right rotations act on, or none.</param>
    /// <returns>0, or how many elements of e did not vanish.</returns>
    public static int Decompose<T>(long n, T* d, T* e, MatrixSpan<T> left, MatrixSpan<T> right) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        bool wanted = left.Rows > 0;
        int info = n > 1 ? Iterate(n, d, e, left, right, wanted) : 0;
        for (long i = 0; i < n; i++)
            if (d[i] < T.Zero || n == 1 && T.IsNegative(d[i]))
            {
                d[i] = -d[i];
                // A matrix of order 1 has its sign on the left, as in LAPACK.
                if (wanted) VectorRow.Scale(T.NegativeOne, (n == 1 ? left : right).Row(i), n);
            }
        for (long i = 0; i < n - 1; i++)
        {
            long last = n - 1 - i, smallest = 0;
            for (long j = 1; j <= last; j++)
                if (d[j] <= d[smallest]) smallest = j;
            if (smallest == last) continue;
            (d[smallest], d[last]) = (d[last], d[smallest]);
            if (!wanted) continue;
            VectorRow.Swap(left.Row(smallest), left.Row(last), n);
            VectorRow.Swap(right.Row(smallest), right.Row(last), n);
        }
        return info;
    }

    private static int Iterate<T>(long n, T* d, T* e, MatrixSpan<T> left, MatrixSpan<T> right, bool wanted) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T eps = Precision<T>.Epsilon;
        T tolerance = T.Max(T.CreateTruncating(10), T.Min(T.CreateTruncating(100), T.Pow(eps, T.CreateTruncating(-0.125)))) * eps;
        T smallest = T.Abs(d[0]), mu = smallest;
        for (long i = 1; i < n && smallest != T.Zero; i++)
        {
            mu = T.Abs(d[i]) * (mu / (mu + T.Abs(e[i - 1])));
            smallest = T.Min(smallest, mu);
        }
        T order = T.CreateTruncating(n);
        T threshold = T.Max(tolerance * (smallest / T.Sqrt(order)), T.CreateTruncating(SweepsMax) * (order * (order * Precision<T>.SafeMinimum)));
        double budget = (double)SweepsMax * n * n;
        long oldFirst = -1, oldLast = -1;
        bool down = true;
        for (long last = n - 1; last > 0;)
        {
            if (budget < 0)
            {
                int open = 0;
                for (long i = 0; i < n - 1; i++)
                    if (e[i] != T.Zero) open++;
                return Math.Max(open, 1);
            }
            T largest = T.Abs(d[last]);
            long first = last - 1;
            for (; first >= 0; first--)
            {
                if (T.Abs(e[first]) <= threshold) break;
                largest = T.Max(largest, T.Max(T.Abs(d[first]), T.Abs(e[first])));
            }
            if (first >= 0)
            {
                e[first] = T.Zero;
                if (first == last - 1)
                {
                    last--;
                    continue;
                }
            }
            first++;
            if (first == last - 1)
            {
                Rotation.Singular(d[first], e[first], d[last], out T low, out T high, out T sinRight, out T cosRight, out T sinLeft, out T cosLeft);
                (d[first], e[first], d[last]) = (high, T.Zero, low);
                if (wanted)
                {
                    VectorRow.Rotate(right.Row(first), right.Row(last), n, cosRight, sinRight);
                    VectorRow.Rotate(left.Row(first), left.Row(last), n, cosLeft, sinLeft);
                }
                last -= 2;
                continue;
            }
            // A new block: chase the bulge from the larger end towards the smaller.
            if (oldLast < 0 || first > oldLast || last < oldFirst) down = T.Abs(d[first]) >= T.Abs(d[last]);
            if (Converged(d, e, first, last, down, tolerance, out T bound)) continue;
            (oldFirst, oldLast) = (first, last);
            T shift = T.Zero;
            if (order * tolerance * (bound / largest) > T.Max(eps, tolerance / T.CreateTruncating(100)))
            {
                T end = T.Abs(down ? d[first] : d[last]);
                shift = down ? Rotation.SmallestSingularValue(d[last - 1], e[last - 1], d[last]) : Rotation.SmallestSingularValue(d[first], e[first], d[first + 1]);
                if (end > T.Zero && shift / end * (shift / end) < eps) shift = T.Zero;
            }
            budget -= last - first;
            if (down) ChaseDown(d, e, first, last, shift, left, right, wanted, n);
            else ChaseUp(d, e, first, last, shift, left, right, wanted, n);
            ref T tip = ref e[down ? last - 1 : first];
            if (T.Abs(tip) <= threshold) tip = T.Zero;
        }
        return 0;
    }

    // Whether an element of e may be set to zero; else a lower bound of the block's smallest singular value.
    private static bool Converged<T>(T* d, T* e, long first, long last, bool down, T tolerance, out T bound) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long tip = down ? last - 1 : first, end = down ? last : first;
        bound = T.Zero;
        if (T.Abs(e[tip]) <= tolerance * T.Abs(d[end]))
        {
            e[tip] = T.Zero;
            return true;
        }
        T mu = T.Abs(d[down ? first : last]);
        bound = mu;
        for (long step = 0; step < last - first; step++)
        {
            long i = down ? first + step : last - 1 - step;
            if (T.Abs(e[i]) <= tolerance * mu)
            {
                e[i] = T.Zero;
                return true;
            }
            mu = T.Abs(d[down ? i + 1 : i]) * (mu / (mu + T.Abs(e[i])));
            bound = T.Min(bound, mu);
        }
        return false;
    }

    private static void ChaseDown<T>(T* d, T* e, long first, long last, T shift, MatrixSpan<T> left, MatrixSpan<T> right, bool wanted, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shift == T.Zero)
        {
            T c = T.One, oldC = T.One, oldS = T.Zero;
            for (long i = first; i < last; i++)
            {
                Rotation.Make(d[i] * c, e[i], out c, out T s, out T r);
                if (i > first) e[i - 1] = oldS * r;
                Rotation.Make(oldC * r, d[i + 1] * s, out oldC, out oldS, out d[i]);
                if (!wanted) continue;
                VectorRow.Rotate(right.Row(i), right.Row(i + 1), n, c, s);
                VectorRow.Rotate(left.Row(i), left.Row(i + 1), n, oldC, oldS);
            }
            T h = d[last] * c;
            d[last] = h * oldC;
            e[last - 1] = h * oldS;
            return;
        }
        T f = (T.Abs(d[first]) - shift) * (T.CopySign(T.One, d[first]) + shift / d[first]), g = e[first];
        for (long i = first; i < last; i++)
        {
            Rotation.Make(f, g, out T cosRight, out T sinRight, out T r);
            if (i > first) e[i - 1] = r;
            f = cosRight * d[i] + sinRight * e[i];
            e[i] = cosRight * e[i] - sinRight * d[i];
            g = sinRight * d[i + 1];
            d[i + 1] = cosRight * d[i + 1];
            Rotation.Make(f, g, out T cosLeft, out T sinLeft, out d[i]);
            f = cosLeft * e[i] + sinLeft * d[i + 1];
            d[i + 1] = cosLeft * d[i + 1] - sinLeft * e[i];
            if (i < last - 1)
            {
                g = sinLeft * e[i + 1];
                e[i + 1] = cosLeft * e[i + 1];
            }
            if (!wanted) continue;
            VectorRow.Rotate(right.Row(i), right.Row(i + 1), n, cosRight, sinRight);
            VectorRow.Rotate(left.Row(i), left.Row(i + 1), n, cosLeft, sinLeft);
        }
        e[last - 1] = f;
    }

    private static void ChaseUp<T>(T* d, T* e, long first, long last, T shift, MatrixSpan<T> left, MatrixSpan<T> right, bool wanted, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shift == T.Zero)
        {
            T c = T.One, oldC = T.One, oldS = T.Zero;
            for (long i = last; i > first; i--)
            {
                Rotation.Make(d[i] * c, e[i - 1], out c, out T s, out T r);
                if (i < last) e[i] = oldS * r;
                Rotation.Make(oldC * r, d[i - 1] * s, out oldC, out oldS, out d[i]);
                if (!wanted) continue;
                VectorRow.Rotate(right.Row(i - 1), right.Row(i), n, oldC, -oldS);
                VectorRow.Rotate(left.Row(i - 1), left.Row(i), n, c, -s);
            }
            T h = d[first] * c;
            d[first] = h * oldC;
            e[first] = h * oldS;
            return;
        }
        T f = (T.Abs(d[last]) - shift) * (T.CopySign(T.One, d[last]) + shift / d[last]), g = e[last - 1];
        for (long i = last; i > first; i--)
        {
            Rotation.Make(f, g, out T cosRight, out T sinRight, out T r);
            if (i < last) e[i] = r;
            f = cosRight * d[i] + sinRight * e[i - 1];
            e[i - 1] = cosRight * e[i - 1] - sinRight * d[i];
            g = sinRight * d[i - 1];
            d[i - 1] = cosRight * d[i - 1];
            Rotation.Make(f, g, out T cosLeft, out T sinLeft, out d[i]);
            f = cosLeft * e[i - 1] + sinLeft * d[i - 1];
            d[i - 1] = cosLeft * d[i - 1] - sinLeft * e[i - 1];
            if (i > first + 1)
            {
                g = sinLeft * e[i - 2];
                e[i - 2] = cosLeft * e[i - 2];
            }
            if (!wanted) continue;
            VectorRow.Rotate(right.Row(i - 1), right.Row(i), n, cosLeft, -sinLeft);
            VectorRow.Rotate(left.Row(i - 1), left.Row(i), n, cosRight, -sinRight);
        }
        e[first] = f;
    }
}
