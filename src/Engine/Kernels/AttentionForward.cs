using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Softmax of the scores times the values, for tiles of queries: the softmax is kept up to date tile by tile of keys, as in Milakov and Gimelshein, "Online normalizer
/// calculation for softmax", 2018, and Dao et al., "FlashAttention", 2022. A row that sees nothing gives zeros.
/// </summary>
internal readonly unsafe struct AttentionForward<T>(AttentionScores<T> scores, MatrixBatch<T> value, long valueDepth, T* output, T* logsumexp) : IRangeBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly T* _output = output, _logsumexp = logsumexp;

    /// <summary>Fills the output (batch x rows x valueDepth) and the logarithms of the rows' sums (+inf in a row that sees nothing).</summary>
    public static void Run(long batch, AttentionScores<T> scores, MatrixBatch<T> value, long valueDepth, T* output, T* logsumexp)
    {
        double work = (double)Math.Min(scores.Rows, AttentionScores<T>.TileRows) * scores.Columns * (scores.Depth + valueDepth + 16);
        WorkerPool.For(batch * scores.RowTiles, AttentionScores<T>.Grain(work), new AttentionForward<T>(scores, value, valueDepth, output, logsumexp));
    }

    public void Invoke(long from, long to)
    {
        T* tile = scores.Allocate(1);
        try
        {
            for (long i = from; i < to; i++) Rows(i / scores.RowTiles, i % scores.RowTiles * AttentionScores<T>.TileRows, tile);
        }
        finally
        {
            AttentionScores<T>.Free(tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows(long index, long row, T* tile)
    {
        long height = Math.Min(AttentionScores<T>.TileRows, scores.Rows - row), seen = scores.ColumnsSeen(row, height);
        T* output = _output + (index * scores.Rows + row) * valueDepth;
        T* max = stackalloc T[AttentionScores<T>.TileRows], sum = stackalloc T[AttentionScores<T>.TileRows];
        for (long i = 0; i < height; i++) (max[i], sum[i]) = (T.NegativeInfinity, T.Zero);
        if (seen == 0) new Span<T>(output, checked((int)(height * valueDepth))).Clear();
        for (long column = 0; column < seen; column += AttentionScores<T>.TileColumns)
        {
            long width = Math.Min(AttentionScores<T>.TileColumns, seen - column);
            scores.Compute(index, row, height, column, width, tile);
            for (long i = 0; i < height; i++)
            {
                T before = max[i], decay = Absorb(tile + i * AttentionScores<T>.TileColumns, width, ref max[i], ref sum[i]);
                if (column > 0 && max[i] != before) Scale(output + i * valueDepth, decay);
            }
            Gemm.Multiply(height, valueDepth, width, tile, AttentionScores<T>.TileColumns, 1, value.At(index, column), value.RowStride, 1, output, valueDepth, column > 0);
        }
        for (long i = 0; i < height; i++)
        {
            bool blind = sum[i] == T.Zero;
            if (!blind) Scale(output + i * valueDepth, T.One / sum[i]);
            _logsumexp[index * scores.Rows + row + i] = blind ? T.PositiveInfinity : max[i] + T.Log(sum[i]);
        }
    }

    // A row of scores becomes e^(score - max); gives the factor by which what was summed before shrinks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Absorb(T* row, long width, ref T max, ref T sum)
    {
        T before = max, larger = T.Max(before, Reduce.Max(row, width));
        // Where all is -inf so far, any finite number makes the exponentials 0.
        var shift = Vector.Create(T.IsNegativeInfinity(larger) ? T.Zero : larger);
        var total = Vector<T>.Zero;
        for (long j = 0; j < width; j += Vector<T>.Count)
        {
            var e = VectorMath.Exp(Vector.Load(row + j) - shift);
            e.Store(row + j);
            total += e;
        }
        T decay = T.IsNegativeInfinity(before) ? T.Zero : T.Exp(before - larger);
        sum = sum * decay + Vector.Sum(total);
        max = larger;
        return decay;
    }

    private void Scale(T* row, T factor)
    {
        for (long j = 0; j < valueDepth; j++) row[j] *= factor;
    }
}
