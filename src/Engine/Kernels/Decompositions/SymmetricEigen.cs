using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Eigenvalues and vectors of a symmetric matrix: Householder reduction to tridiagonal form (from the first or the last column, as the triangle that is read
/// decides), then implicit QL or QR iteration. Steps and signs are those of LAPACK's sytd2 and steqr, so vectors come out with LAPACK's signs up to order 25,
/// above which syevd divides and conquers.
/// </summary>
internal static unsafe class SymmetricEigen
{
    private const int SweepsMax = 30;

    /// <summary>Decomposes A = V diag(values) V^T; A is overwritten.</summary>
    /// <param name="a">The matrix; only one triangle is read.</param>
    /// <param name="upper">Which triangle.</param>
    /// <param name="values">Ascending.</param>
    /// <param name="vectors">V^T, an eigenvector in each row; no rows if not wanted.</param>
    /// <returns>0, or how many eigenvalues did not converge.</returns>
    public static int Decompose<T>(MatrixSpan<T> a, bool upper, T* values, MatrixSpan<T> vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long n = a.Rows;
        if (n == 0) return 0;
        T scale = MatrixScale.Normalize(a, upper);
        if (!T.IsFinite(scale)) return (int)n;
        // Both triangles, so that products with the matrix run along rows.
        for (long i = 0; i < n; i++)
            for (long j = 0; j < i; j++)
                if (upper) a[i, j] = a[j, i];
                else a[j, i] = a[i, j];
        var room = new T[5 * n];
        fixed (T* work = room)
        {
            T* e = work, tau = work + n, v = work + 2 * n;
            if (upper) ReduceUpper(a, values, e, tau, v);
            else ReduceLower(a, values, e, tau, v);
            bool wanted = vectors.Rows > 0;
            if (wanted) vectors.SetDiagonal(T.One);
            int info = Iterate(n, values, e, vectors, v);
            if (info != 0) return info;
            Sort(n, values, vectors);
            for (long i = 0; i < n; i++) values[i] *= scale;
            if (!wanted) return 0;
            // V = Q Z; with vectors in rows, Q's reflectors apply from the right.
            if (upper)
                for (long i = 0; i < n - 1; i++)
                {
                    for (long k = 0; k < i; k++) v[k] = a[k, i + 1];
                    v[i] = T.One;
                    Householder.ApplyRight(v, tau[i], vectors.Block(0, 0, n, i + 1));
                }
            else
                for (long i = n - 2; i >= 0; i--)
                {
                    Householder.Column(a, i + 1, i, v);
                    Householder.ApplyRight(v, tau[i], vectors.Block(0, i + 1, n, n - i - 1));
                }
            return 0;
        }
    }

    private static void ReduceLower<T>(MatrixSpan<T> a, T* d, T* e, T* tau, T* v) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long n = a.Rows;
        T* w = v + n;
        for (long i = 0; i < n - 1; i++)
        {
            long m = n - i - 1;
            Householder.Column(a, i + 1, i, v);
            e[i] = a[i + 1, i];
            tau[i] = Householder.Reflector(ref e[i], v + 1, m);
            TwoSided(a.Block(i + 1, i + 1, m, m), v, tau[i], w);
            for (long k = 1; k < m; k++) a[i + 1 + k, i] = v[k];
            d[i] = a[i, i];
        }
        d[n - 1] = a[n - 1, n - 1];
    }

    private static void ReduceUpper<T>(MatrixSpan<T> a, T* d, T* e, T* tau, T* v) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long n = a.Rows;
        T* w = v + n;
        for (long i = n - 2; i >= 0; i--)
        {
            for (long k = 0; k < i; k++) v[k] = a[k, i + 1];
            e[i] = a[i, i + 1];
            tau[i] = Householder.Reflector(ref e[i], v, i + 1);
            v[i] = T.One;
            TwoSided(a.Block(0, 0, i + 1, i + 1), v, tau[i], w);
            for (long k = 0; k < i; k++) a[k, i + 1] = v[k];
            d[i + 1] = a[i + 1, i + 1];
        }
        d[0] = a[0, 0];
    }

    // A = H A H for symmetric A: A - v w^T - w v^T with w = tau A v - (tau^2 / 2)(v . A v) v.
    private static void TwoSided<T>(MatrixSpan<T> a, T* v, T tau, T* w) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tau == T.Zero) return;
        long n = a.Rows;
        for (long i = 0; i < n; i++) w[i] = tau * VectorRow.Dot(a.Row(i), v, n);
        VectorRow.Axpy(-tau * VectorRow.Dot(w, v, n) / (T.One + T.One), v, w, n);
        for (long i = 0; i < n; i++)
        {
            VectorRow.Axpy(-v[i], w, a.Row(i), n);
            VectorRow.Axpy(-w[i], v, a.Row(i), n);
        }
    }

    private static int Iterate<T>(long n, T* d, T* e, MatrixSpan<T> z, T* work) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T eps = Precision<T>.Epsilon;
        long left = n * SweepsMax;
        for (long start = 0; start < n;)
        {
            if (start > 0) e[start - 1] = T.Zero;
            long end = start;
            for (; end < n - 1; end++)
            {
                T size = T.Abs(e[end]);
                if (size == T.Zero) break;
                if (size > T.Sqrt(T.Abs(d[end])) * T.Sqrt(T.Abs(d[end + 1])) * eps) continue;
                e[end] = T.Zero;
                break;
            }
            long first = start;
            start = end + 1;
            if (first == end) continue;
            bool done = T.Abs(d[end]) < T.Abs(d[first]) ? Backward(end, first) : Forward(first, end);
            if (!done)
            {
                int open = 0;
                for (long i = 0; i < n - 1; i++)
                    if (e[i] != T.Zero) open++;
                return Math.Max(open, 1);
            }
            // A block may have been left in parts: look at it again.
            for (long i = first; i < end; i++)
                if (e[i] != T.Zero) start = first;
        }
        return 0;

        // QL: eigenvalues are found from the top.
        bool Forward(long l, long last)
        {
            while (l <= last)
            {
                long m = l;
                for (; m < last; m++)
                    if (e[m] * e[m] <= eps * eps * T.Abs(d[m]) * T.Abs(d[m + 1]) + Precision<T>.SafeMinimum) break;
                if (m < last) e[m] = T.Zero;
                if (m == l)
                {
                    l++;
                    continue;
                }
                T c, s, r;
                if (m == l + 1)
                {
                    Rotation.Eigen(d[l], e[l], d[l + 1], out T first, out T second, out c, out s);
                    if (z.Rows > 0) VectorRow.Rotate(z.Row(l), z.Row(l + 1), n, c, s);
                    (d[l], d[l + 1], e[l]) = (first, second, T.Zero);
                    l += 2;
                    continue;
                }
                if (left-- == 0) return false;
                T p = d[l], two = T.One + T.One, g = (d[l + 1] - p) / (two * e[l]);
                g = d[m] - p + e[l] / (g + T.CopySign(T.Hypot(g, T.One), g));
                (s, c, p) = (T.One, T.One, T.Zero);
                for (long i = m - 1; i >= l; i--)
                {
                    T f = s * e[i], b = c * e[i];
                    Rotation.Make(g, f, out c, out s, out r);
                    if (i != m - 1) e[i + 1] = r;
                    g = d[i + 1] - p;
                    r = (d[i] - g) * s + two * c * b;
                    p = s * r;
                    d[i + 1] = g + p;
                    g = c * r - b;
                    if (z.Rows > 0) VectorRow.Rotate(z.Row(i), z.Row(i + 1), n, c, -s);
                }
                d[l] -= p;
                e[l] = g;
            }
            return true;
        }

        // QR: eigenvalues are found from the bottom.
        bool Backward(long l, long last)
        {
            while (l >= last)
            {
                long m = l;
                for (; m > last; m--)
                    if (e[m - 1] * e[m - 1] <= eps * eps * T.Abs(d[m]) * T.Abs(d[m - 1]) + Precision<T>.SafeMinimum) break;
                if (m > last) e[m - 1] = T.Zero;
                if (m == l)
                {
                    l--;
                    continue;
                }
                T c, s, r;
                if (m == l - 1)
                {
                    Rotation.Eigen(d[l - 1], e[l - 1], d[l], out T first, out T second, out c, out s);
                    if (z.Rows > 0) VectorRow.Rotate(z.Row(l - 1), z.Row(l), n, c, s);
                    (d[l - 1], d[l], e[l - 1]) = (first, second, T.Zero);
                    l -= 2;
                    continue;
                }
                if (left-- == 0) return false;
                T p = d[l], two = T.One + T.One, g = (d[l - 1] - p) / (two * e[l - 1]);
                g = d[m] - p + e[l - 1] / (g + T.CopySign(T.Hypot(g, T.One), g));
                (s, c, p) = (T.One, T.One, T.Zero);
                for (long i = m; i < l; i++)
                {
                    T f = s * e[i], b = c * e[i];
                    Rotation.Make(g, f, out c, out s, out r);
                    if (i != m) e[i - 1] = r;
                    g = d[i] - p;
                    r = (d[i + 1] - g) * s + two * c * b;
                    p = s * r;
                    d[i] = g + p;
                    g = c * r - b;
                    if (z.Rows > 0) VectorRow.Rotate(z.Row(i), z.Row(i + 1), n, c, s);
                }
                d[l] -= p;
                e[l - 1] = g;
            }
            return true;
        }
    }

    private static void Sort<T>(long n, T* values, MatrixSpan<T> vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long i = 0; i < n - 1; i++)
        {
            long smallest = i;
            for (long j = i + 1; j < n; j++)
                if (values[j] < values[smallest]) smallest = j;
            if (smallest == i) continue;
            (values[i], values[smallest]) = (values[smallest], values[i]);
            if (vectors.Rows > 0) VectorRow.Swap(vectors.Row(i), vectors.Row(smallest), n);
        }
    }
}
