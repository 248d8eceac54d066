using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Elementary reflectors H = I - tau v v^T with v[0] = 1, and what is built of them: QR factorizations. Signs are LAPACK's: the reflected vector's first
/// element has the sign opposite to the original one's, and a vector that is reflected already gives tau = 0.
/// </summary>
internal static unsafe class Householder
{
    /// <summary>Makes the reflector that takes (alpha, x) to (beta, 0).</summary>
    /// <param name="alpha">The first element; becomes beta.</param>
    /// <param name="x">The n - 1 others; become those of v.</param>
    /// <param name="n">The length of v.</param>
    /// <returns>tau.</returns>
    public static T Reflector<T>(ref T alpha, T* x, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        if (n <= 1) return T.Zero;
        T norm = VectorRow.Norm(x, n - 1);
        if (norm == T.Zero) return T.Zero;
        T beta = -T.CopySign(T.Hypot(alpha, norm), alpha);
        T tau = (beta - alpha) / beta;
        T scale = T.One / (alpha - beta);
        if (T.IsFinite(scale)) VectorRow.Scale(scale, x, n - 1);
        else
            for (long i = 0; i < n - 1; i++) x[i] /= alpha - beta;
        alpha = beta;
        return tau;
    }

    /// <summary>A = H A.</summary>
    /// <param name="v">The whole vector, its leading 1 included.</param>
    /// <param name="tau">The reflector's factor.</param>
    /// <param name="a">A matrix of as many rows as v is long.</param>
    /// <param name="work">Room for a row of A.</param>
    public static void ApplyLeft<T>(T* v, T tau, MatrixSpan<T> a, T* work) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tau == T.Zero || a.Columns == 0) return;
        new Span<T>(work, (int)a.Columns).Clear();
        for (long i = 0; i < a.Rows; i++)
            if (v[i] != T.Zero) VectorRow.Axpy(v[i], a.Row(i), work, a.Columns);
        for (long i = 0; i < a.Rows; i++)
            if (v[i] != T.Zero) VectorRow.Axpy(-tau * v[i], work, a.Row(i), a.Columns);
    }

    /// <summary>A = A H, for a matrix of as many columns as v is long.</summary>
    public static void ApplyRight<T>(T* v, T tau, MatrixSpan<T> a) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tau == T.Zero) return;
        for (long i = 0; i < a.Rows; i++) VectorRow.Axpy(-tau * VectorRow.Dot(a.Row(i), v, a.Columns), v, a.Row(i), a.Columns);
    }

    /// <summary>Copies the reflector that stands in a column, from the given row on, into v, with its leading 1.</summary>
    public static void Column<T>(MatrixSpan<T> a, long row, long column, T* v) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        v[0] = T.One;
        for (long i = row + 1; i < a.Rows; i++) v[i - row] = a[i, column];
    }

    /// <summary>A = Q R: leaves R on and above the diagonal and the reflectors below it.</summary>
    public static void Factor<T>(MatrixSpan<T> a, T* tau) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var room = new T[a.Rows + a.Columns];
        fixed (T* v = room)
            for (long k = 0; k < Math.Min(a.Rows, a.Columns); k++)
            {
                Column(a, k, k, v);
                tau[k] = Reflector(ref a[k, k], v + 1, a.Rows - k);
                for (long i = k + 1; i < a.Rows; i++) a[i, k] = v[i - k];
                ApplyLeft(v, tau[k], a.Block(k, k + 1, a.Rows - k, a.Columns - k - 1), v + a.Rows);
            }
    }

    /// <summary>Q = H_0 H_1 ... of reflectors that stand below the diagonal; q has as many rows as the reflectors and any number of columns up to that.</summary>
    public static void Form<T>(MatrixSpan<T> reflectors, T* tau, long count, MatrixSpan<T> q) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        q.SetDiagonal(T.One);
        var room = new T[q.Rows + q.Columns];
        fixed (T* v = room)
            for (long k = count - 1; k >= 0; k--)
            {
                Column(reflectors, k, k, v);
                ApplyLeft(v, tau[k], q.Block(k, k, q.Rows - k, q.Columns - k), v + q.Rows);
            }
    }
}
