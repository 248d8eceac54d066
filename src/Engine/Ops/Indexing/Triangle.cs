using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What tril and triu share.</summary>
internal static unsafe class Triangle
{
    /// <summary>The input's shape and dtype.</summary>
    public static TensorSpec Infer(string op, Tensor x) => x.Dim >= 2 ? new(x.Shape, x.DType) : throw AutogradException.Shape($"{op}: input tensor must have at least 2 dimensions");

    /// <summary>Copies matrices and sets some columns of each row to zero.</summary>
    /// <param name="x">The input.</param>
    /// <param name="y">The output, contiguous.</param>
    /// <param name="from">First column to clear, by row; may lie outside.</param>
    /// <param name="to">The column after the last to clear.</param>
    public static void Clear(Tensor x, Tensor y, Func<long, long> from, Func<long, long> to)
    {
        Transfer.Into(x, y);
        if (y.Numel == 0) return;
        long rows = y.Shape[-2], columns = y.Shape[-1], item = y.DType.ItemSize;
        for (long row = 0; row < y.Numel / columns; row++)
        {
            long start = Math.Clamp(from(row % rows), 0, columns), end = Math.Clamp(to(row % rows), start, columns);
            System.Runtime.InteropServices.NativeMemory.Clear(y.Data + (row * columns + start) * item, (nuint)((end - start) * item));
        }
    }
}
