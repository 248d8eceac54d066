using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Chooses how a product is computed (scalar, vector times matrix, tiles over the operands as they lie, tiles over packed blocks) and spreads it over the threads.
/// The choice depends on the shape and strides of the whole product only, never on how it was cut for threads.
/// </summary>
internal static unsafe class GemmDriver<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Products below this many multiply-adds stay on one thread.</summary>
    private const double ParallelWorkMin = 64.0 * 64 * 64;

    /// <summary>Up to this many multiply-adds plain loops are over before a tile is set up.</summary>
    private const double ScalarWorkMax = 128;

    /// <summary>Bytes of an operand that is read from the first-level cache wherever it lies, so that packing it gains nothing.</summary>
    private const long UnpackedBytesMax = 24 * 1024;

    /// <summary>Columns of a packed block of B, in bytes a row.</summary>
    private const long BlockColumnBytes = 8192;

    /// <summary>What packing an element costs, in multiply-adds; weighs the shapes in which a product is cut for threads.</summary>
    private const double PackingCost = 16;

    private static int TileRows => TSimd.RowsMax;

    private static int TileColumns => 2 * TSimd.Count;

    /// <summary>Depth of a packed block: a panel of B of that depth fills at most half of (AVX2) or about (AVX-512) the first-level cache.</summary>
    private static long BlockDepth => TSimd.RowsMax > 6 ? 384 : 256;

    /// <summary>Rows of a packed block of A: about 200 KB (AVX2) or 370 KB (AVX-512) of float, for the second-level cache.</summary>
    private static long BlockRows => TSimd.RowsMax > 6 ? 240 * 4 / sizeof(T) / 12 * 12 : 192 * 4 / sizeof(T);

    private static long BlockColumns => BlockColumnBytes / sizeof(T);

    private enum Plan
    {
        /// <summary>Plain loops: too small for anything else.</summary>
        Scalar,

        /// <summary>One row or one column of output, whose matrix operand is contiguous one way or the other.</summary>
        RowTimesMatrix,

        MatrixTimesColumn,

        /// <summary>Register tiles, packing only what pays.</summary>
        Tiles,
    }

    public static void Multiply(in GemmProblem<T> problem, long batch)
    {
        if (batch <= 0 || problem.Rows <= 0 || problem.Columns <= 0) return;
        var a = problem.A;
        var c = problem.C;
        if (batch > 1 && problem.B.BatchStride == 0 && a.BatchStride == problem.Rows * a.RowStride && c.BatchStride == problem.Rows * c.RowStride)
        {
            // One B for a batch whose rows follow each other is one tall product.
            Single(new GemmProblem<T>(problem.Rows * batch, problem.Columns, problem.Depth, a, problem.B, c, problem.Accumulate, problem.Bias));
            return;
        }

        if (batch == 1)
        {
            Single(problem);
            return;
        }

        var plan = Choose(problem);
        if (problem.Work >= ParallelWorkMin && batch < WorkerPool.Threads)
        {
            for (long i = 0; i < batch; i++) Single(problem.Of(i));
        }
        else
        {
            WorkerPool.For(batch, (long)(ParallelWorkMin / Math.Max(64, problem.Work)) + 1, new BatchBody(problem, plan));
        }
    }

    private static void Single(in GemmProblem<T> problem)
    {
        var plan = Choose(problem);
        var threads = WorkerPool.Threads;
        if (threads == 1 || problem.Work < ParallelWorkMin || plan == Plan.Scalar)
        {
            Run(problem, plan);
            return;
        }

        long rowParts = 1, columnParts = threads;
        if (plan == Plan.MatrixTimesColumn) (rowParts, columnParts) = (threads, 1);
        else if (plan == Plan.Tiles) (rowParts, columnParts) = Cut(problem, threads);
        var rowStep = Step(problem.Rows, rowParts, plan == Plan.Tiles ? TileRows : 4);
        var columnStep = Step(problem.Columns, columnParts, plan == Plan.Tiles ? TileColumns : 4 * TSimd.Count);
        var rows = (problem.Rows + rowStep - 1) / rowStep;
        var columns = (problem.Columns + columnStep - 1) / columnStep;
        WorkerPool.For(rows * columns, 1, new BlockBody(problem, plan, rowStep, columnStep, rows));
    }

    /// <summary>The grid of at most that many parts with the least multiply-adds and packing for the busiest thread.</summary>
    private static (long Rows, long Columns) Cut(in GemmProblem<T> problem, int threads)
    {
        var best = (Rows: 1L, Columns: 1L);
        var least = double.MaxValue;
        for (long rowParts = 1; rowParts <= threads; rowParts++)
        {
            var columnParts = threads / rowParts;
            double rows = Step(problem.Rows, rowParts, TileRows), columns = Step(problem.Columns, columnParts, TileColumns);
            var cost = rows * columns + PackingCost * (rows + columns);
            if (cost < least) (least, best) = (cost, (rowParts, columnParts));
        }

        return best;
    }

    private static long Step(long length, long parts, long multiple)
    {
        var step = (length + parts - 1) / parts;
        return (step + multiple - 1) / multiple * multiple;
    }

    private static Plan Choose(in GemmProblem<T> problem)
    {
        if (problem.Depth == 0) return Plan.Scalar;
        if (problem.Work <= ScalarWorkMax) return Plan.Scalar;
        if (problem.Rows == 1 && (problem.B.RowStride == 1 || problem.B.ColumnStride == 1)) return Plan.RowTimesMatrix;
        if (problem.Columns == 1 && (problem.A.RowStride == 1 || problem.A.ColumnStride == 1)) return Plan.MatrixTimesColumn;
        return Plan.Tiles;
    }

    private static void Run(in GemmProblem<T> problem, Plan plan)
    {
        switch (plan)
        {
            case Plan.Scalar:
                Scalar(problem);
                break;
            case Plan.RowTimesMatrix:
                GemmVector<TSimd, TVector, T>.Multiply(
                    problem.Columns, problem.Depth, problem.B.Data, problem.B.ColumnStride, problem.B.RowStride, problem.A.Data, problem.A.ColumnStride,
                    problem.C.Data, 1, problem.Accumulate, problem.Bias, 1);
                break;
            case Plan.MatrixTimesColumn:
                GemmVector<TSimd, TVector, T>.Multiply(
                    problem.Rows, problem.Depth, problem.A.Data, problem.A.RowStride, problem.A.ColumnStride, problem.B.Data, problem.B.RowStride,
                    problem.C.Data, problem.C.RowStride, problem.Accumulate, problem.Bias, 0);
                break;
            default:
                Tiles(problem);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scalar(in GemmProblem<T> problem)
    {
        long depth = problem.Depth, aStep = problem.A.ColumnStride, bStep = problem.B.RowStride, bColumn = problem.B.ColumnStride;
        var bias = problem.Bias;
        for (long i = 0; i < problem.Rows; i++)
        {
            var a = problem.A.Data + i * problem.A.RowStride;
            var c = problem.C.Data + i * problem.C.RowStride;
            for (long j = 0; j < problem.Columns; j++)
            {
                var b = problem.B.Data + j * bColumn;
                var sum = T.Zero;
                for (long k = 0; k < depth; k++) sum = T.FusedMultiplyAdd(a[k * aStep], b[k * bStep], sum);
                if (problem.Accumulate) sum = c[j] + sum;
                c[j] = bias == null ? sum : sum + bias[j];
            }
        }
    }

    /// <summary>The blocked product of van Zee and van de Geijn's BLIS: loops over columns, depth and rows of blocks, then over panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(in GemmProblem<T> problem)
    {
        long rows = problem.Rows, columns = problem.Columns, depth = problem.Depth;
        var (a, b, c) = (problem.A, problem.B, problem.C);
        // Few rows read each element of B once or twice, and a small B stays in the first-level cache: neither gains by packing. The same holds for A.
        var bLies = b.ColumnStride == 1 && (rows <= 2 * TileRows || depth * columns * sizeof(T) <= UnpackedBytesMax);
        var aLies = columns <= 2 * TileColumns || rows * depth * sizeof(T) <= UnpackedBytesMax;
        var depthMax = Math.Min(depth, BlockDepth);
        var rowsMax = aLies ? 0 : Math.Min((rows + TileRows - 1) / TileRows * TileRows, BlockRows);
        var columnsMax = bLies ? TileColumns : Math.Min((columns + TileColumns - 1) / TileColumns * TileColumns, BlockColumns);
        // Scratch: one tile for the edges, then a block of A, then a block of B; each begins on a cache line.
        var tile = (T*)GemmScratch.Get((nuint)(sizeof(T) * (TileRows * TileColumns + Aligned(rowsMax * depthMax) + columnsMax * depthMax)));
        var aBlock = tile + TileRows * TileColumns;
        var bBlock = aBlock + Aligned(rowsMax * depthMax);
        for (long column = 0; column < columns; column += BlockColumns)
        {
            var blockColumns = Math.Min(BlockColumns, columns - column);
            for (long k = 0, blockDepth; k < depth; k += blockDepth)
            {
                var left = depth - k;
                blockDepth = left <= BlockDepth ? left : left < 2 * BlockDepth ? (left + 1) / 2 : BlockDepth;
                var accumulate = problem.Accumulate || k > 0;
                var bias = k > 0 || problem.Bias == null ? null : problem.Bias + column;
                var bSource = b.Data + k * b.RowStride + column * b.ColumnStride;
                var bWhole = bLies ? blockColumns / TileColumns * TileColumns : 0;
                GemmPack.Panels(blockColumns - bWhole, blockDepth, bSource + bWhole * b.ColumnStride, b.ColumnStride, b.RowStride, bBlock, TileColumns);
                var rowStep = aLies ? rows : BlockRows;
                for (long row = 0; row < rows; row += rowStep)
                {
                    WorkerPool.CheckInterruption();
                    var blockRows = Math.Min(rowStep, rows - row);
                    var aSource = a.Data + row * a.RowStride + k * a.ColumnStride;
                    if (!aLies) GemmPack.Panels(blockRows, blockDepth, aSource, a.RowStride, a.ColumnStride, aBlock, TileRows);
                    for (long j = 0; j < blockColumns; j += TileColumns)
                    {
                        var lies = j < bWhole;
                        var bPanel = lies ? bSource + j : bBlock + (j - bWhole) * blockDepth;
                        var bStride = lies ? b.RowStride : TileColumns;
                        var width = Math.Min(TileColumns, blockColumns - j);
                        for (long i = 0; i < blockRows; i += TileRows)
                        {
                            var height = Math.Min(TileRows, blockRows - i);
                            var target = c.Data + (row + i) * c.RowStride + column + j;
                            var vectors = width > TSimd.Count ? 2 : 1;
                            var whole = width == vectors * TSimd.Count;
                            var to = whole ? target : tile;
                            var toStride = whole ? c.RowStride : TileColumns;
                            var adds = whole && accumulate;
                            var offset = bias == null ? null : bias + j;
                            var tileOffset = whole ? offset : null;
                            if (aLies)
                            {
                                GemmTile<TSimd, TVector, T>.Run<Constant0>(
                                    height, vectors, blockDepth, aSource + i * a.RowStride, a.RowStride, a.ColumnStride, bPanel, bStride, to, toStride, adds, tileOffset);
                            }
                            else
                            {
                                GemmTile<TSimd, TVector, T>.Run<Constant1>(
                                    height, vectors, blockDepth, aBlock + i * blockDepth, 1, TileRows, bPanel, bStride, to, toStride, adds, tileOffset);
                            }

                            if (!whole) CopyEdge(height, width, target, c.RowStride, tile, accumulate, offset);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyEdge(long height, long width, T* target, long stride, T* tile, bool accumulate, T* bias)
    {
        for (long i = 0; i < height; i++, target += stride, tile += TileColumns)
        {
            for (long j = 0; j < width; j++)
            {
                var value = accumulate ? target[j] + tile[j] : tile[j];
                target[j] = bias == null ? value : value + bias[j];
            }
        }
    }

    private static long Aligned(long elements) => (elements + 15) & ~15L;

    private readonly struct BatchBody(GemmProblem<T> problem, Plan plan) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++) Run(problem.Of(i), plan);
        }
    }

    private readonly struct BlockBody(GemmProblem<T> problem, Plan plan, long rowStep, long columnStep, long rowParts) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++)
            {
                long row = i % rowParts * rowStep, column = i / rowParts * columnStep;
                var block = problem.Block(row, Math.Min(rowStep, problem.Rows - row), column, Math.Min(columnStep, problem.Columns - column));
                Run(block, plan);
            }
        }
    }
}
