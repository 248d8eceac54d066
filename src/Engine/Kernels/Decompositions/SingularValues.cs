using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Singular value decomposition: reduction to bidiagonal form (after a QR factorization where the matrix is much longer than wide), then implicit QR
/// iteration, following LAPACK's gesdd step by step, so that vectors come out with LAPACK's signs where that does not divide and conquer (up to order 25).
/// </summary>
internal static unsafe class SingularValues
{
    /// <summary>Decomposes A = U diag(s) V^T; A is overwritten.</summary>
    /// <param name="a">An m x n matrix.</param>
    /// <param name="s">The min(m, n) singular values, descending.</param>
    /// <param name="ut">U^T, rows of length m, min(m, n) or m of them; no rows if not wanted.</param>
    /// <param name="vt">V^T, rows of length n, min(m, n) or n of them; no rows if not wanted.</param>
    /// <returns>0; -4 if an element is not finite; else how many values did not converge.</returns>
    public static int Decompose<T>(MatrixSpan<T> a, T* s, MatrixSpan<T> ut, MatrixSpan<T> vt) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long m = a.Rows, n = a.Columns, k = Math.Min(m, n);
        if (k == 0)
        {
            ut.SetDiagonal(T.One);
            vt.SetDiagonal(T.One);
            return 0;
        }
        T scale = MatrixScale.Normalize(a);
        if (!T.IsFinite(scale)) return -4;
        bool factorsFirst = Math.Max(m, n) >= (long)(k * 11.0 / 6.0) && m != n;
        int info;
        if (m >= n) info = factorsFirst ? Tall(a, s, ut, vt) : Direct(a, s, ut, vt, lower: false);
        else
        {
            var copy = new T[m * n];
            fixed (T* p = copy)
            {
                var transposed = new MatrixSpan<T>(p, n, m);
                transposed.CopyTransposed(a);
                info = factorsFirst ? Wide(transposed, s, ut, vt) : Direct(transposed, s, vt, ut, lower: true);
            }
        }
        for (long i = 0; i < k; i++) s[i] *= scale;
        return info;
    }

    // A = Q R, R = U' s V^T, U = Q U'.
    private static int Tall<T>(MatrixSpan<T> a, T* s, MatrixSpan<T> ut, MatrixSpan<T> vt) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long m = a.Rows, n = a.Columns;
        var room = new T[n + 2 * n * n + (ut.Rows > 0 ? m * (ut.Rows + n) : 0)];
        fixed (T* work = room)
        {
            T* tau = work;
            Householder.Factor(a, tau);
            var r = new MatrixSpan<T>(work + n, n, n);
            for (long i = 0; i < n; i++)
                for (long j = i; j < n; j++)
                    r[i, j] = a[i, j];
            var inner = new MatrixSpan<T>(work + n + n * n, ut.Rows > 0 ? n : 0, n);
            int info = Direct(r, s, inner, vt, lower: false);
            if (ut.Rows > 0) Combine(a, tau, inner, ut, work + n + 2 * n * n);
            return info;
        }
    }

    // A = L Q with A^T = Q^T L^T factored here, L = U s V'^T, V^T = V'^T Q.
    private static int Wide<T>(MatrixSpan<T> at, T* s, MatrixSpan<T> ut, MatrixSpan<T> vt) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long n = at.Rows, m = at.Columns;
        var room = new T[m + 2 * m * m + (vt.Rows > 0 ? n * (vt.Rows + m) : 0)];
        fixed (T* work = room)
        {
            T* tau = work;
            Householder.Factor(at, tau);
            var l = new MatrixSpan<T>(work + m, m, m);
            for (long i = 0; i < m; i++)
                for (long j = 0; j <= i; j++)
                    l[i, j] = at[j, i];
            var inner = new MatrixSpan<T>(work + m + m * m, vt.Rows > 0 ? m : 0, m);
            int info = Direct(l, s, ut, inner, lower: false);
            if (vt.Rows > 0) Combine(at, tau, inner, vt, work + m + 2 * m * m);
            return info;
        }
    }

    // The rows of the product Q inner^T, and the rest of Q's columns.
    private static void Combine<T>(MatrixSpan<T> reflectors, T* tau, MatrixSpan<T> inner, MatrixSpan<T> target, T* work) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long length = reflectors.Rows, k = inner.Rows;
        var q = new MatrixSpan<T>(work, length, target.Rows);
        Householder.Form(reflectors, tau, k, q);
        for (long j = k; j < target.Rows; j++)
            for (long i = 0; i < length; i++)
                target[j, i] = q[i, j];
        Gemm.Multiply(k, length, k, inner.Data, inner.Stride, 1, q.Data, 1, q.Stride, target.Data, target.Stride, accumulate: false);
    }

    // A = Q B P^T with B bidiagonal, B = U' s V'^T. With lower, A is the transpose of what is decomposed: its factors change sides, and B is lower bidiagonal.
    private static int Direct<T>(MatrixSpan<T> a, T* s, MatrixSpan<T> ut, MatrixSpan<T> vt, bool lower) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long m = a.Rows, n = a.Columns;
        var room = new T[4 * n + m + 2 * n * n + 2 * n];
        fixed (T* work = room)
        {
            T* e = work, tauQ = work + n, tauP = work + 2 * n, v = work + 3 * n, line = v + m;
            Reduce(a, s, e, tauQ, tauP, v, line);
            T* square = line + n;
            // Vectors of B: left ones in the rows of x, right ones in those of y.
            bool wanted = ut.Rows > 0 || vt.Rows > 0;
            MatrixSpan<T> x = new(square, wanted ? n : 0, n), y = new(square + n * n, wanted ? n : 0, n);
            x.SetDiagonal(T.One);
            y.SetDiagonal(T.One);
            T* rotations = square + 2 * n * n;
            int info = lower ? Bidiagonal.DecomposeLower(n, s, e, y, x, rotations) : Bidiagonal.Decompose(n, s, e, x, y);
            if (ut.Rows > 0)
            {
                ut.SetDiagonal(T.One);
                ut.Block(0, 0, n, n).CopyFrom(x);
                for (long i = n - 1; i >= 0; i--)
                {
                    Householder.Column(a, i, i, v);
                    Householder.ApplyRight(v, tauQ[i], ut.Block(0, i, ut.Rows, m - i));
                }
            }
            if (vt.Rows > 0)
            {
                vt.SetDiagonal(T.One);
                vt.Block(0, 0, n, n).CopyFrom(y);
                for (long i = n - 2; i >= 0; i--)
                {
                    v[0] = T.One;
                    for (long j = i + 2; j < n; j++) v[j - i - 1] = a[i, j];
                    Householder.ApplyRight(v, tauP[i], vt.Block(0, i + 1, vt.Rows, n - i - 1));
                }
            }
            return info;
        }
    }

    // Reflectors from the left clear columns below the diagonal, those from the right rows beyond the superdiagonal.
    private static void Reduce<T>(MatrixSpan<T> a, T* d, T* e, T* tauQ, T* tauP, T* v, T* line) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        long m = a.Rows, n = a.Columns;
        for (long i = 0; i < n; i++)
        {
            Householder.Column(a, i, i, v);
            d[i] = a[i, i];
            tauQ[i] = Householder.Reflector(ref d[i], v + 1, m - i);
            Householder.ApplyLeft(v, tauQ[i], a.Block(i, i + 1, m - i, n - i - 1), line);
            for (long k = i + 1; k < m; k++) a[k, i] = v[k - i];
            if (i >= n - 1) continue;
            T* row = a.Row(i) + i + 1;
            e[i] = row[0];
            tauP[i] = Householder.Reflector(ref e[i], row + 1, n - i - 1);
            row[0] = T.One;
            Householder.ApplyRight(row, tauP[i], a.Block(i + 1, i + 1, m - i - 1, n - i - 1));
        }
    }
}
