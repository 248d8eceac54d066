using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>A = P L U with partial pivoting, right-looking and blocked; the bulk of the work is one matrix product a block.</summary>
internal static unsafe class LuFactorization
{
    private const long BlockSize = 48;

    /// <summary>Overwrites A with L (unit diagonal, not stored) and U.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="pivots">For each step the row, counted from 1, that was exchanged with the step's own.</param>
    /// <param name="pivoting">Whether rows are exchanged at all.</param>
    /// <returns>0, or the number, counted from 1, of the first zero on U's diagonal.</returns>
    public static int Factor<T>(MatrixSpan<T> a, int* pivots, bool pivoting = true) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long steps = Math.Min(a.Rows, a.Columns);
        int info = 0;
        for (long k = 0; k < steps; k += BlockSize)
        {
            long width = Math.Min(BlockSize, steps - k), next = k + width;
            int panel = FactorPanel(a, k, width, pivots, pivoting);
            if (info == 0 && panel > 0) info = panel;
            if (next == a.Columns) continue;
            var top = a.Block(k, next, width, a.Columns - next);
            TriangularSystem.SolveLeft(a.Block(k, k, width, width), top, upper: false, transposed: false, unit: true);
            a.Block(next, next, a.Rows - next, a.Columns - next).SubtractProduct(a.Block(next, k, a.Rows - next, width), top);
        }
        return info;
    }

    // Columns k .. k + width of all rows below; rows are exchanged as a whole.
    private static int FactorPanel<T>(MatrixSpan<T> a, long k, long width, int* pivots, bool pivoting) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int info = 0;
        for (long j = k; j < k + width; j++)
        {
            long pivot = j;
            if (pivoting)
            {
                T largest = T.Abs(a[j, j]);
                for (long i = j + 1; i < a.Rows; i++)
                    if (T.Abs(a[i, j]) > largest) (largest, pivot) = (T.Abs(a[i, j]), i);
                if (pivot != j) VectorRow.Swap(a.Row(j), a.Row(pivot), a.Columns);
            }
            pivots[j] = (int)pivot + 1;
            T diagonal = a[j, j];
            if (diagonal == T.Zero)
            {
                if (info == 0) info = (int)j + 1;
                continue;
            }
            for (long i = j + 1; i < a.Rows; i++)
            {
                T factor = a[i, j] / diagonal;
                a[i, j] = factor;
                if (factor != T.Zero) VectorRow.Axpy(-factor, a.Row(j) + j + 1, a.Row(i) + j + 1, k + width - j - 1);
            }
        }
        return info;
    }

    /// <summary>B = P^T B: the row exchanges in the order of the factorization.</summary>
    public static void PermuteRows<T>(MatrixSpan<T> b, int* pivots, long count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long i = 0; i < count; i++)
            if (pivots[i] - 1 != i) VectorRow.Swap(b.Row(i), b.Row(pivots[i] - 1), b.Columns);
    }

    /// <summary>B = P B: the row exchanges backwards.</summary>
    public static void RestoreRows<T>(MatrixSpan<T> b, int* pivots, long count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long i = count - 1; i >= 0; i--)
            if (pivots[i] - 1 != i) VectorRow.Swap(b.Row(i), b.Row(pivots[i] - 1), b.Columns);
    }

    /// <summary>Solves A X = B, or A^T X = B, over B.</summary>
    public static void Solve<T>(MatrixSpan<T> lu, int* pivots, MatrixSpan<T> b, bool transposed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!transposed)
        {
            PermuteRows(b, pivots, lu.Rows);
            TriangularSystem.SolveLeft(lu, b, upper: false, transposed: false, unit: true);
            TriangularSystem.SolveLeft(lu, b, upper: true, transposed: false, unit: false);
        }
        else
        {
            TriangularSystem.SolveLeft(lu, b, upper: true, transposed: true, unit: false);
            TriangularSystem.SolveLeft(lu, b, upper: false, transposed: true, unit: true);
            RestoreRows(b, pivots, lu.Rows);
        }
    }
}
