using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>A = L L^T of a symmetric positive-definite matrix, blocked and right-looking.</summary>
internal static unsafe class CholeskyFactorization
{
    private const long BlockSize = 48;

    /// <summary>Overwrites the lower triangle of A with L, reading nothing above it; the rest is left as it is.</summary>
    /// <returns>0, or the order of the first leading minor that is not positive.</returns>
    public static int Factor<T>(MatrixSpan<T> a) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long n = a.Rows;
        for (long k = 0; k < n; k += BlockSize)
        {
            long width = Math.Min(BlockSize, n - k), next = k + width;
            for (long j = k; j < next; j++)
            {
                T* row = a.Row(j) + k;
                T square = a[j, j] - VectorRow.Dot(row, row, j - k);
                if (!(square > T.Zero)) return (int)j + 1;
                T diagonal = T.Sqrt(square);
                a[j, j] = diagonal;
                for (long i = j + 1; i < n; i++) a[i, j] = (a[i, j] - VectorRow.Dot(a.Row(i) + k, row, j - k)) / diagonal;
            }
            // By rows of blocks, so that only the lower triangle is touched (and the blocks on the diagonal).
            for (long i = next; i < n; i += BlockSize)
            {
                long height = Math.Min(BlockSize, n - i);
                a.Block(i, next, height, i + height - next).SubtractTransposedProduct(a.Block(i, k, height, width), a.Block(next, k, i + height - next, width));
            }
        }
        return 0;
    }
}
