using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Brings matrices into a range where sums of squares neither overflow nor underflow.</summary>
internal static unsafe class MatrixScale
{
    /// <summary>Scales a symmetric matrix, of which one triangle counts, by a power of two if it must.</summary>
    /// <returns>By what eigenvalues are to be multiplied afterwards; NaN if an element is not finite.</returns>
    public static T Normalize<T>(MatrixSpan<T> a, bool upper) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T largest = T.Zero;
        for (long i = 0; i < a.Rows; i++)
            for (long j = upper ? i : 0; j < (upper ? a.Columns : i + 1); j++)
            {
                if (!T.IsFinite(a[i, j])) return T.NaN;
                largest = T.Max(largest, T.Abs(a[i, j]));
            }
        return Apply(a, largest);
    }

    /// <summary>Scales a matrix by a power of two if it must.</summary>
    /// <returns>By what singular values are to be multiplied afterwards; NaN if an element is not finite.</returns>
    public static T Normalize<T>(MatrixSpan<T> a) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T largest = T.Zero;
        for (long i = 0; i < a.Rows; i++)
            for (long j = 0; j < a.Columns; j++)
            {
                if (!T.IsFinite(a[i, j])) return T.NaN;
                largest = T.Max(largest, T.Abs(a[i, j]));
            }
        return Apply(a, largest);
    }

    private static T Apply<T>(MatrixSpan<T> a, T largest) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T small = T.Sqrt(Precision<T>.SafeMinimum) / Precision<T>.Epsilon;
        if (largest == T.Zero || largest >= small && largest <= T.One / small) return T.One;
        int exponent = T.ILogB(largest);
        for (long i = 0; i < a.Rows; i++)
            for (long j = 0; j < a.Columns; j++)
                a[i, j] = T.ScaleB(a[i, j], -exponent);
        return T.ScaleB(T.One, exponent);
    }
}
