using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutogradService.Engine.Kernels;

/// <summary>A tensor as a batch of matrices: its last two dims, and where each matrix of the batch begins. The columns of a row follow each other.</summary>
internal readonly unsafe struct MatrixBatch<T>(T* data, long[] starts, long rowStride) where T : unmanaged
{
    public readonly long RowStride = rowStride;
    private readonly T* _data = data;
    private readonly long[] _starts = starts;

    /// <summary>A row of one matrix.</summary>
    public T* At(long index, long row) => _data + _starts[index] + row * RowStride;
}

/// <summary>What is added to the scores: numbers, or truth values of which false hides; with strides of 0 where it broadcasts.</summary>
internal readonly unsafe struct AttentionMask<T>(void* data, bool isBool, long[] starts, long rowStride, long columnStride) where T : unmanaged
{
    public readonly long RowStride = rowStride;
    public readonly long ColumnStride = columnStride;
    public readonly bool IsBool = isBool;
    private readonly void* _data = data;
    private readonly long[] _starts = starts;

    public bool Exists => _data != null;

    public T* Numbers(long index, long row) => (T*)_data + _starts[index] + row * RowStride;

    public byte* Truths(long index, long row) => (byte*)_data + _starts[index] + row * RowStride;
}

/// <summary>
/// The scores of scaled dot product attention, a tile at a time: query rows times key rows, scaled and masked. Tiles have a fixed size, so that results depend on
/// neither threads nor layout, and no thread holds more than a tile or two of the T x T scores.
/// </summary>
/// <param name="query">Batch x rows x depth.</param>
/// <param name="key">Batch x columns x depth.</param>
/// <param name="mask">Batch x rows x columns, or nothing.</param>
/// <param name="rows">Number of queries.</param>
/// <param name="columns">Number of keys.</param>
/// <param name="depth">The length of a query or key.</param>
/// <param name="scale">Multiplies the products.</param>
/// <param name="causal">Query i sees keys 0 to i only.</param>
internal readonly unsafe struct AttentionScores<T>(MatrixBatch<T> query, MatrixBatch<T> key, AttentionMask<T> mask, long rows, long columns, long depth, T scale, bool causal)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>Queries in a tile.</summary>
    public const int TileRows = 96;

    /// <summary>Keys in a tile, and from one row of a tile to the next.</summary>
    public const int TileColumns = 256;

    public readonly MatrixBatch<T> Query = query;
    public readonly MatrixBatch<T> Key = key;
    public readonly long Rows = rows;
    public readonly long Columns = columns;
    public readonly long Depth = depth;
    public readonly T Scale = scale;
    private readonly AttentionMask<T> _mask = mask;
    private readonly bool _causal = causal;

    public long RowTiles => (Rows + TileRows - 1) / TileRows;

    public long ColumnTiles => (Columns + TileColumns - 1) / TileColumns;

    /// <summary>Tiles in one share of a parallel loop, given the multiply-adds of a score.</summary>
    public static long Grain(double work) => (long)(64.0 * 64 * 64 / Math.Max(64, work)) + 1;

    /// <summary>Elements of a tile: fewer rows where there are fewer queries.</summary>
    public long TileSize => Math.Min(TileRows, Rows) * TileColumns;

    /// <summary>Memory for some tiles; 64-byte aligned, to be freed by <see cref="Free"/>.</summary>
    public T* Allocate(int tiles) => (T*)NativeMemory.AlignedAlloc((nuint)(tiles * TileSize * sizeof(T)), 64);

    public static void Free(T* tiles) => NativeMemory.AlignedFree(tiles);

    /// <summary>The first column that no row of the tile sees: later tiles hold nothing.</summary>
    public long ColumnsSeen(long row, long height) => _causal ? Math.Min(Columns, row + height) : Columns;

    /// <summary>Whether the tile's columns are seen by any of its rows.</summary>
    public bool Sees(long row, long height, long column) => column < ColumnsSeen(row, height);

    /// <summary>tile = scale query key^T + mask, -inf where the mask hides and in the columns beyond the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(long index, long row, long height, long column, long width, T* tile)
    {
        Gemm.Multiply(height, width, Depth, Query.At(index, row), Query.RowStride, 1, Key.At(index, column), 1, Key.RowStride, tile, TileColumns, false);
        var scale = Vector.Create(Scale);
        for (long i = 0; i < height; i++)
        {
            T* scores = tile + i * TileColumns;
            for (long j = 0; j < width; j += Vector<T>.Count) (Vector.Load(scores + j) * scale).Store(scores + j);
            if (_mask.Exists) AddMask(index, row + i, column, width, scores);
            long seen = _causal ? Math.Clamp(row + i + 1 - column, 0, width) : width;
            for (long j = seen; j < Padded(width); j++) scores[j] = T.NegativeInfinity;
        }
    }

    /// <summary>The tile's scores become probabilities: e^(score - logsumexp of the row), the logarithms beginning with the tile's first row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Exponentiate(T* tile, long height, long width, T* logsumexp)
    {
        for (long i = 0; i < height; i++)
        {
            T* p = tile + i * TileColumns;
            var log = Vector.Create(logsumexp[i]);
            for (long j = 0; j < width; j += Vector<T>.Count) VectorMath.Exp(Vector.Load(p + j) - log).Store(p + j);
        }
    }

    /// <summary>A width rounded up to whole vectors; a tile's rows have room for it.</summary>
    public static long Padded(long width) => (width + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

    private void AddMask(long index, long row, long column, long width, T* scores)
    {
        long step = _mask.ColumnStride, j = 0;
        if (_mask.IsBool)
        {
            byte* shown = _mask.Truths(index, row) + column * step;
            for (; j < width; j++)
                if (shown[j * step] == 0) scores[j] = T.NegativeInfinity;
            return;
        }
        T* added = _mask.Numbers(index, row) + column * step;
        if (step == 1)
            for (; j <= width - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(scores + j) + Vector.Load(added + j)).Store(scores + j);
        for (; j < width; j++) scores[j] += added[j * step];
    }
}
