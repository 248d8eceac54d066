using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Solves triangular systems by substitution, in blocks so that most of the work is a matrix product.</summary>
internal static unsafe class TriangularSystem
{
    private const long BlockSize = 48;

    /// <summary>Solves T X = B, or T^T X = B, over B; the other triangle of T is not read, nor its diagonal if that is one.</summary>
    public static void SolveLeft<T>(MatrixSpan<T> t, MatrixSpan<T> b, bool upper, bool transposed, bool unit) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long n = b.Rows;
        if (n == 0 || b.Columns == 0) return;
        // T^T of an upper T is lower: what counts is from which end the unknowns follow from each other.
        bool forward = upper == transposed;
        long blocks = (n + BlockSize - 1) / BlockSize;
        for (long i = 0; i < blocks; i++)
        {
            long block = forward ? i : blocks - 1 - i;
            long start = block * BlockSize, size = Math.Min(BlockSize, n - start);
            SolveBlock(t.Block(start, start, size, size), b.Block(start, 0, size, b.Columns), forward, transposed, unit);
            long rest = forward ? start + size : 0, count = forward ? n - rest : start;
            if (count == 0) continue;
            var below = b.Block(rest, 0, count, b.Columns);
            if (!transposed)
            {
                below.SubtractProduct(t.Block(rest, start, count, size), b.Block(start, 0, size, b.Columns));
                continue;
            }
            var copy = new T[count * size];
            fixed (T* p = copy)
            {
                var factor = new MatrixSpan<T>(p, count, size);
                factor.CopyTransposed(t.Block(start, rest, size, count));
                below.SubtractProduct(factor, b.Block(start, 0, size, b.Columns));
            }
        }
    }

    private static void SolveBlock<T>(MatrixSpan<T> t, MatrixSpan<T> b, bool forward, bool transposed, bool unit) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long n = b.Rows;
        for (long step = 0; step < n; step++)
        {
            long i = forward ? step : n - 1 - step;
            T* row = b.Row(i);
            for (long done = 0; done < step; done++)
            {
                long k = forward ? done : n - 1 - done;
                T factor = transposed ? t[k, i] : t[i, k];
                if (factor != T.Zero) VectorRow.Axpy(-factor, b.Row(k), row, b.Columns);
            }
            if (unit) continue;
            T diagonal = t[i, i];
            for (long j = 0; j < b.Columns; j++) row[j] /= diagonal;
        }
    }
}
