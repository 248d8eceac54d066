using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>A row-major matrix in memory: element (i, j) stands at data + i stride + j.</summary>
internal readonly unsafe struct MatrixSpan<T>(T* data, long rows, long columns, long stride) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Data = data;
    public readonly long Rows = rows;
    public readonly long Columns = columns;
    public readonly long Stride = stride;

    public MatrixSpan(T* data, long rows, long columns) : this(data, rows, columns, columns)
    {
    }

    public ref T this[long i, long j] => ref Data[i * Stride + j];

    /// <summary>The start of a row.</summary>
    public T* Row(long i) => Data + i * Stride;

    /// <summary>A part of the matrix.</summary>
    public MatrixSpan<T> Block(long row, long column, long rows, long columns) => new(Data + row * Stride + column, rows, columns, Stride);

    /// <summary>Sets every element to 0, those of the diagonal to another value.</summary>
    public void SetDiagonal(T value)
    {
        for (long i = 0; i < Rows; i++)
        {
            new Span<T>(Row(i), (int)Columns).Clear();
            if (i < Columns) this[i, i] = value;
        }
    }

    /// <summary>Copies another matrix of the same size.</summary>
    public void CopyFrom(MatrixSpan<T> source)
    {
        for (long i = 0; i < Rows; i++) new Span<T>(source.Row(i), (int)Columns).CopyTo(new Span<T>(Row(i), (int)Columns));
    }

    /// <summary>Copies the transpose of another matrix.</summary>
    public void CopyTransposed(MatrixSpan<T> source)
    {
        for (long i = 0; i < Rows; i++)
            for (long j = 0; j < Columns; j++)
                this[i, j] = source[j, i];
    }

    /// <summary>C -= A B, where C is this matrix.</summary>
    public void SubtractProduct(MatrixSpan<T> a, MatrixSpan<T> b) => SubtractProduct(a, b.Data, b.Stride, 1);

    /// <summary>C -= A B^T, where C is this matrix.</summary>
    public void SubtractTransposedProduct(MatrixSpan<T> a, MatrixSpan<T> b) => SubtractProduct(a, b.Data, 1, b.Stride);

    private void SubtractProduct(MatrixSpan<T> a, T* b, long bRowStride, long bColumnStride)
    {
        if (Rows == 0 || Columns == 0 || a.Columns == 0) return;
        var negated = new T[a.Rows * a.Columns];
        fixed (T* p = negated)
        {
            for (long i = 0; i < a.Rows; i++)
                for (long k = 0; k < a.Columns; k++)
                    p[i * a.Columns + k] = -a[i, k];
            Gemm.Multiply(Rows, Columns, a.Columns, p, a.Columns, 1, b, bRowStride, bColumnStride, Data, Stride, accumulate: true);
        }
    }
}
