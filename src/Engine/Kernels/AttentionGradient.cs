using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// The gradient of scaled dot product attention for one of its operands. The probabilities P are computed again, tile by tile, from the scores and the rows' logsumexp; with g the
/// output's gradient, that of the scores is S = P (g value^T - D), D the row sums of g output. Query: scale S key; key: scale S^T query; value: P^T g; mask: S itself.
/// Threads share rows of the result, never a sum.
/// </summary>
internal readonly unsafe struct AttentionGradient<T>(
    AttentionScores<T> scores, MatrixBatch<T> value, MatrixBatch<T> grad, long valueDepth, T* logsumexp, T* dots, T* result, AttentionOperand operand) : IRangeBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private const int Height = AttentionScores<T>.TileRows, Width = AttentionScores<T>.TileColumns;

    private readonly T* _logsumexp = logsumexp, _dots = dots, _result = result;

    private bool ByRows => operand is AttentionOperand.Query or AttentionOperand.Mask;

    private long Tiles => ByRows ? scores.RowTiles : scores.ColumnTiles;

    /// <summary>Fills the whole batch's gradient, row-major.</summary>
    public void Run(long batch)
    {
        double work = ByRows ? (double)Math.Min(scores.Rows, Height) * scores.Columns : (double)Math.Min(scores.Columns, Width) * scores.Rows;
        WorkerPool.For(batch * Tiles, AttentionScores<T>.Grain(work * (2 * scores.Depth + valueDepth + 16)), this);
    }

    public void Invoke(long from, long to)
    {
        T* tiles = scores.Allocate(2);
        try
        {
            for (long i = from; i < to; i++)
                if (ByRows) Rows(i / Tiles, i % Tiles * Height, tiles);
                else Columns(i / Tiles, i % Tiles * Width, tiles);
        }
        finally
        {
            AttentionScores<T>.Free(tiles);
        }
    }

    private void Rows(long index, long row, T* tile)
    {
        bool mask = operand == AttentionOperand.Mask;
        long height = Math.Min(Height, scores.Rows - row), seen = scores.ColumnsSeen(row, height), size = mask ? scores.Columns : scores.Depth;
        T* to = _result + (index * scores.Rows + row) * size;
        if (mask || seen == 0) new Span<T>(to, checked((int)(height * size))).Clear();
        for (long column = 0; column < seen; column += Width)
        {
            long width = Math.Min(Width, seen - column);
            Differences(index, row, height, column, width, tile, mask ? T.One : scores.Scale);
            if (mask)
                for (long i = 0; i < height; i++) new Span<T>(tile + i * Width, (int)width).CopyTo(new Span<T>(to + i * size + column, (int)width));
            else
                Gemm.Multiply(height, size, width, tile, Width, 1, scores.Key.At(index, column), scores.Key.RowStride, 1, to, size, column > 0);
        }
    }

    private void Columns(long index, long column, T* tile)
    {
        bool key = operand == AttentionOperand.Key;
        long width = Math.Min(Width, scores.Columns - column), size = key ? scores.Depth : valueDepth;
        T* to = _result + (index * scores.Columns + column) * size;
        bool begun = false;
        for (long row = 0; row < scores.Rows; row += Height)
        {
            long height = Math.Min(Height, scores.Rows - row);
            if (!scores.Sees(row, height, column)) continue;
            if (key) Differences(index, row, height, column, width, tile, scores.Scale);
            else Probabilities(index, row, height, column, width, tile);
            var other = key ? scores.Query : grad;
            Gemm.Multiply(width, size, height, tile, 1, Width, other.At(index, row), other.RowStride, 1, to, size, begun);
            begun = true;
        }
        if (!begun) new Span<T>(to, checked((int)(width * size))).Clear();
    }

    private void Probabilities(long index, long row, long height, long column, long width, T* tile)
    {
        scores.Compute(index, row, height, column, width, tile);
        scores.Exponentiate(tile, height, width, _logsumexp + index * scores.Rows + row);
    }

    // tile = factor P (g value^T - D); the second tile holds the product.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differences(long index, long row, long height, long column, long width, T* tile, T factor)
    {
        Probabilities(index, row, height, column, width, tile);
        T* product = tile + scores.TileSize;
        Gemm.Multiply(height, width, valueDepth, grad.At(index, row), grad.RowStride, 1, value.At(index, column), 1, value.RowStride, product, Width, false);
        var scale = Vector.Create(factor);
        for (long i = 0; i < height; i++)
        {
            T* p = tile + i * Width, d = product + i * Width;
            var dot = Vector.Create(_dots[index * scores.Rows + row + i]);
            for (long j = 0; j < width; j += Vector<T>.Count) (Vector.Load(p + j) * (Vector.Load(d + j) - dot) * scale).Store(p + j);
        }
    }
}

/// <summary>An operand of scaled dot product attention, in the order of its inputs.</summary>
internal enum AttentionOperand
{
    /// <summary>What asks.</summary>
    Query,

    /// <summary>What is compared with.</summary>
    Key,

    /// <summary>What is averaged.</summary>
    Value,

    /// <summary>What is added to the scores.</summary>
    Mask,
}
