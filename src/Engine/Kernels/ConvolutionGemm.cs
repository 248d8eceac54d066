using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Convolutions on the register tiles of the matrix product. Columns are gathered block by block into a buffer of the thread, never as a whole; the cuts along the depth
/// depend on the depth alone and threads share outputs only, so a result does not depend on the number of threads.
/// </summary>
internal static unsafe class ConvolutionGemm
{
    /// <summary>y (batch x groups rows x output) = weights (groups x rows x depth, row-major) times the columns of x; added to what is there if asked.</summary>
    /// <param name="packed">Room for the weights, their rows rounded up by up to a tile for every group: see <see cref="PackedSize"/>.</param>
    public static void Forward<T>(ConvolutionPlan plan, T* weights, T* x, T* y, bool adds, T* packed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (plan.Batch * plan.Groups * plan.Rows * plan.Columns == 0) return;
        if (Vector512.IsHardwareAccelerated) ConvolutionDriver<Simd512<T>, Vector512<T>, T>.Forward(plan, weights, x, y, adds, packed);
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported) ConvolutionDriver<Simd256<T>, Vector256<T>, T>.Forward(plan, weights, x, y, adds, packed);
        else ConvolutionDriver<SimdPortable<T>, Vector<T>, T>.Forward(plan, weights, x, y, adds, packed);
    }

    /// <summary>Elements that packed weights take.</summary>
    public static long PackedSize(ConvolutionPlan plan) => plan.Groups * (plan.Rows + 12) * plan.Depth;

    /// <summary>The gradient of the weights (groups x rows x depth, row-major): that of the output (batch x groups rows x places) times the columns of x, transposed.</summary>
    public static void WeightGradient<T>(ConvolutionPlan plan, T* grad, T* x, T* weights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (plan.Groups * plan.Rows * plan.Depth == 0) return;
        if (Vector512.IsHardwareAccelerated) ConvolutionDriver<Simd512<T>, Vector512<T>, T>.WeightGradient(plan, grad, x, weights);
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported) ConvolutionDriver<Simd256<T>, Vector256<T>, T>.WeightGradient(plan, grad, x, weights);
        else ConvolutionDriver<SimdPortable<T>, Vector<T>, T>.WeightGradient(plan, grad, x, weights);
    }

    /// <summary>As <see cref="Forward"/> for any number type; <paramref name="columns"/> holds depth x columns of one image.</summary>
    public static void ForwardPortable<T>(ConvolutionPlan plan, T* weights, T* x, T* y, T* columns, T* product) where T : unmanaged, INumber<T>
    {
        long inputs = plan.Groups * plan.Channels * plan.InputPlane, outputs = plan.Groups * plan.Rows * plan.OutputPlane;
        for (long n = 0; n < plan.Batch; n++)
            for (long g = 0; g < plan.Groups; g++)
            {
                plan.Fill(x + g * plan.Channels * plan.InputPlane, inputs, 0, plan.Depth, n * plan.Columns, (n + 1) * plan.Columns, columns, plan.Columns);
                Gemm.MultiplyPortable(plan.Rows, plan.Columns, plan.Depth, weights + g * plan.Rows * plan.Depth, plan.Depth, 1, columns, plan.Columns, 1, product, plan.Columns, false);
                plan.Spread(product, plan.Columns, plan.Rows, n * plan.Columns, (n + 1) * plan.Columns, y + g * plan.Rows * plan.OutputPlane, outputs, true);
            }
    }

    /// <summary>As <see cref="WeightGradient"/> for any number type.</summary>
    public static void WeightGradientPortable<T>(ConvolutionPlan plan, T* grad, T* x, T* weights, T* columns) where T : unmanaged, INumber<T>
    {
        long inputs = plan.Groups * plan.Channels * plan.InputPlane;
        new Span<T>(weights, checked((int)(plan.Groups * plan.Rows * plan.Depth))).Clear();
        for (long n = 0; n < plan.Batch; n++)
            for (long g = 0; g < plan.Groups; g++)
            {
                plan.Fill(x + g * plan.Channels * plan.InputPlane, inputs, 0, plan.Depth, n * plan.Columns, (n + 1) * plan.Columns, columns, plan.Columns);
                var source = grad + (n * plan.Groups + g) * plan.Rows * plan.Columns;
                Gemm.MultiplyPortable(plan.Rows, plan.Depth, plan.Columns, source, plan.Columns, 1, columns, 1, plan.Columns, weights + g * plan.Rows * plan.Depth, plan.Depth, true);
            }
    }
}

/// <summary>The loops of <see cref="ConvolutionGemm"/> for one vector width.</summary>
internal static unsafe class ConvolutionDriver<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Depth of a block: a panel of columns of that depth stays in the first-level cache.</summary>
    private const long DepthMax = 320;

    /// <summary>Up to this many columns weights are read as they lie: packing them would cost more than it saves.</summary>
    private const long UnpackedColumnsMax = 4;

    /// <summary>What packing an element costs, in multiply-adds; weighs the shapes in which a product is cut for threads.</summary>
    private const double PackingCost = 12;

    /// <summary>Columns of an image from which on its last, partly filled tile does not matter.</summary>
    private const long DirectColumnsMin = 256;

    private static int TileRows => TSimd.RowsMax;

    private static int TileColumns => 2 * TSimd.Count;

    private static long RowsMax => 192 / TileRows * TileRows * 4 / sizeof(T) / TileRows * TileRows;

    /// <summary>Tiles side by side in a block of columns: about 150 KB with the depth's maximum, for the second-level cache.</summary>
    private static long TilesMax => 576 / sizeof(T) / TileColumns;

    /// <summary>The depth is cut evenly, at places that depend on it alone.</summary>
    private static long DepthStep(long depth)
    {
        long blocks = (depth + DepthMax - 1) / DepthMax;
        return blocks == 0 ? 1 : (depth + blocks - 1) / blocks;
    }

    public static void Forward(ConvolutionPlan plan, T* weights, T* x, T* y, bool adds, T* packed)
    {
        // Rows of a result go straight to the output where its places lie side by side and few tiles are cut off at an image's end.
        bool direct = plan.IsDense && (plan.Batch == 1 || plan.Columns >= DirectColumnsMin || plan.Columns % TileColumns == 0);
        long segments = direct ? plan.Batch : 1, columns = direct ? plan.Columns : plan.Batch * plan.Columns;
        bool lies = plan.Batch * plan.Columns <= UnpackedColumnsMax * TileColumns;
        if (!lies) Pack(plan, weights, packed);
        var threads = WorkerPool.Threads;
        long tiles = (columns + TileColumns - 1) / TileColumns, parts = plan.Groups * segments;
        long perBlock = Math.Clamp(parts * tiles / (threads * 8L), 2, TilesMax);
        long blocks = (tiles + perBlock - 1) / perBlock;
        perBlock = (tiles + blocks - 1) / blocks;
        blocks = (tiles + perBlock - 1) / perBlock;
        long rowParts = parts * blocks >= threads ? 1 : (threads + parts * blocks - 1) / (parts * blocks);
        long rowStep = Step(plan.Rows, rowParts);
        rowParts = (plan.Rows + rowStep - 1) / rowStep;
        var body = new ForwardBody(plan, lies ? weights : packed, lies, x, y, adds, direct, columns, perBlock * TileColumns, blocks, rowStep, rowParts);
        double work = (double)plan.Batch * plan.Columns * plan.Rows * plan.Groups * plan.Depth;
        if (work < 64 * 64 * 64) body.Invoke(0, parts * blocks * rowParts);
        else WorkerPool.For(parts * blocks * rowParts, 1, body);
    }

    public static void WeightGradient(ConvolutionPlan plan, T* grad, T* x, T* weights)
    {
        var threads = WorkerPool.Threads;
        long tiles = (plan.Depth + TileColumns - 1) / TileColumns;
        var (rowParts, blocks) = Cut(plan, (threads + plan.Groups - 1) / plan.Groups);
        // A block's columns are gathered for one stretch of the depth at a time: bounded, whatever the weights' size.
        blocks = Math.Max(blocks, (tiles + 4 * TilesMax - 1) / (4 * TilesMax));
        long perBlock = (tiles + blocks - 1) / blocks;
        blocks = (tiles + perBlock - 1) / perBlock;
        long rowStep = Math.Min(Step(plan.Rows, rowParts), RowsMax);
        rowParts = (plan.Rows + rowStep - 1) / rowStep;
        var body = new WeightBody(plan, grad, x, weights, perBlock * TileColumns, blocks, rowStep, rowParts);
        double work = (double)plan.Batch * plan.Columns * plan.Rows * plan.Groups * plan.Depth;
        if (work < 64 * 64 * 64) body.Invoke(0, plan.Groups * blocks * rowParts);
        else WorkerPool.For(plan.Groups * blocks * rowParts, 1, body);
    }

    /// <summary>The grid of at most that many parts of a group's weights with the least work for the busiest thread: products, and what every part packs of both operands.</summary>
    private static (long Rows, long Columns) Cut(ConvolutionPlan plan, long parts)
    {
        (long Rows, long Columns) best = (1, 1);
        double least = double.MaxValue;
        for (long rows = 1; rows <= parts; rows++)
        {
            long columns = parts / rows;
            double height = Step(plan.Rows, rows), width = (plan.Depth + columns - 1) / columns;
            double cost = height * width + PackingCost * (height + width);
            if (cost < least) (least, best) = (cost, (rows, columns));
        }
        return best;
    }

    private static long Step(long rows, long parts) => ((rows + parts - 1) / parts + TileRows - 1) / TileRows * TileRows;

    // By group, by stretch of the depth, panels of a tile's rows.
    private static void Pack(ConvolutionPlan plan, T* weights, T* packed)
    {
        long panels = (plan.Rows + TileRows - 1) / TileRows;
        WorkerPool.For(plan.Groups * panels, Math.Max(1, 4096 / Math.Max(1, plan.Depth)), new PackBody(plan, weights, packed, panels));
    }

    private static long Aligned(long elements) => (elements + 15) & ~15L;

    /// <summary>A pitch that spreads the lines over all sets of the cache: an odd number of cache lines.</summary>
    private static long Pitch(long columns)
    {
        long line = 64 / sizeof(T);
        return ((columns + line - 1) / line | 1) * line;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyEdge(long height, long width, T* target, long stride, T* tile, bool accumulate)
    {
        for (long i = 0; i < height; i++, target += stride, tile += TileColumns)
            for (long j = 0; j < width; j++) target[j] = accumulate ? target[j] + tile[j] : tile[j];
    }

    private readonly struct PackBody(ConvolutionPlan plan, T* weights, T* packed, long panels) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            long depth = plan.Depth, step = DepthStep(depth);
            for (long at = from; at < to; at++)
            {
                long group = at / panels, panel = at - group * panels, row = panel * TileRows;
                var source = weights + (group * plan.Rows + row) * depth;
                for (long k = 0; k < depth; k += step)
                {
                    long length = Math.Min(step, depth - k);
                    var target = packed + (group * depth + k) * panels * TileRows + panel * TileRows * length;
                    GemmPack.Panels(Math.Min(TileRows, plan.Rows - row), length, source + k, depth, 1, target, TileRows);
                }
            }
        }
    }

    private readonly struct ForwardBody(
        ConvolutionPlan plan, T* weights, bool lies, T* x, T* y, bool adds, bool direct, long columns, long columnStep, long blocks, long rowStep, long rowParts) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            for (long at = from; at < to; at++)
            {
                // Blocks of columns change slowest, so that threads work on distant parts of the output.
                long rest = at, rowPart = rest % rowParts;
                rest /= rowParts;
                long group = rest % plan.Groups;
                rest /= plan.Groups;
                long block = rest % blocks, segment = rest / blocks;
                long first = block * columnStep;
                long row = rowPart * rowStep;
                Block(group, segment, first, Math.Min(columnStep, columns - first), row, Math.Min(rowStep, plan.Rows - row));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Block(long group, long segment, long first, long count, long row, long rows)
        {
            long depth = plan.Depth, step = DepthStep(depth), panels = (plan.Rows + TileRows - 1) / TileRows;
            long pitch = Pitch((count + TileColumns - 1) / TileColumns * TileColumns), buffered = direct ? 0 : Aligned(rows * pitch);
            var tile = (T*)GemmScratch.Get((nuint)(sizeof(T) * (TileRows * TileColumns + Aligned(step * pitch) + buffered)));
            var lines = tile + TileRows * TileColumns;
            var buffer = lines + Aligned(step * pitch);
            long inputs = plan.Groups * plan.Channels * plan.InputPlane, outputs = plan.Groups * plan.Rows * plan.OutputPlane;
            var source = x + group * plan.Channels * plan.InputPlane;
            var target = y + (group * plan.Rows + row) * plan.OutputPlane;
            long start = direct ? segment * plan.Columns + first : first;
            var c = direct ? target + segment * outputs + first : buffer;
            long cRow = direct ? plan.OutputPlane : pitch;
            for (long k = 0; k < depth; k += step)
            {
                long length = Math.Min(step, depth - k);
                bool accumulate = k > 0 || direct && adds;
                plan.Fill(source, inputs, k, length, start, start + count, lines, pitch);
                // Beside the last column, so that nothing undefined is multiplied.
                if (count % TileColumns != 0)
                    for (long line = 0; line < length; line++) new Span<T>(lines + line * pitch + count, (int)(TileColumns - count % TileColumns)).Clear();
                for (long low = 0; low < rows; low += RowsMax)
                {
                    long high = Math.Min(low + RowsMax, rows);
                    for (long j = 0; j < count; j += TileColumns)
                    {
                        long width = Math.Min(TileColumns, count - j), vectors = width > TSimd.Count ? 2 : 1;
                        bool whole = width == vectors * TSimd.Count;
                        for (long i = low; i < high; i += TileRows)
                        {
                            long height = Math.Min(TileRows, high - i);
                            var to = whole ? c + i * cRow + j : tile;
                            long toRow = whole ? cRow : TileColumns;
                            if (lies)
                            {
                                GemmTile<TSimd, TVector, T>.Run<Constant0>(
                                    height, vectors, length, weights + (group * plan.Rows + row + i) * depth + k, depth, 1, lines + j, pitch, to, toRow, whole && accumulate, null);
                            }
                            else
                            {
                                var a = weights + (group * depth + k) * panels * TileRows + (row + i) * length;
                                GemmTile<TSimd, TVector, T>.Run<Constant1>(height, vectors, length, a, 1, TileRows, lines + j, pitch, to, toRow, whole && accumulate, null);
                            }
                            if (!whole) CopyEdge(height, width, c + i * cRow + j, cRow, tile, accumulate);
                        }
                    }
                }
            }
            if (!direct) plan.Spread(buffer, pitch, rows, start, start + count, target, outputs, adds);
        }
    }

    private readonly struct WeightBody(ConvolutionPlan plan, T* grad, T* x, T* weights, long columnStep, long blocks, long rowStep, long rowParts) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            for (long at = from; at < to; at++)
            {
                long rowPart = at % rowParts, block = at / rowParts % blocks, group = at / rowParts / blocks;
                long first = block * columnStep, row = rowPart * rowStep;
                Block(group, first, Math.Min(columnStep, plan.Depth - first), row, Math.Min(rowStep, plan.Rows - row));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Block(long group, long first, long count, long row, long rows)
        {
            long places = plan.Batch * plan.Columns, step = DepthStep(places), pitch = Pitch(step), depth = plan.Depth;
            long rowPanels = (rows + TileRows - 1) / TileRows, panels = (count + TileColumns - 1) / TileColumns;
            long aSize = Aligned(rowPanels * TileRows * step), bSize = Aligned(panels * TileColumns * step);
            var tile = (T*)GemmScratch.Get((nuint)(sizeof(T) * (TileRows * TileColumns + TileColumns * pitch + aSize + bSize)));
            var lines = tile + TileRows * TileColumns;
            var aBlock = lines + TileColumns * pitch;
            var bBlock = aBlock + aSize;
            var source = x + group * plan.Channels * plan.InputPlane;
            var c = weights + (group * plan.Rows + row) * depth + first;
            if (places == 0)
                for (long i = 0; i < rows; i++) new Span<T>(c + i * depth, (int)count).Clear();
            for (long k = 0; k < places; k += step)
            {
                long length = Math.Min(step, places - k);
                PackRows(group, row, rows, k, length, aBlock);
                for (long j = 0; j < count; j += TileColumns)
                {
                    long width = Math.Min(TileColumns, count - j);
                    plan.Fill(source, plan.Groups * plan.Channels * plan.InputPlane, first + j, width, k, k + length, lines, pitch);
                    GemmPack.Panels(width, length, lines, pitch, 1, bBlock + j * length, TileColumns);
                }
                for (long j = 0; j < count; j += TileColumns)
                {
                    long width = Math.Min(TileColumns, count - j), vectors = width > TSimd.Count ? 2 : 1;
                    bool whole = width == vectors * TSimd.Count;
                    for (long i = 0; i < rows; i += TileRows)
                    {
                        long height = Math.Min(TileRows, rows - i);
                        var target = c + i * depth + j;
                        GemmTile<TSimd, TVector, T>.Run<Constant1>(
                            height, vectors, length, aBlock + i * length, 1, TileRows, bBlock + j * length, TileColumns, whole ? target : tile, whole ? depth : TileColumns, whole && k > 0, null);
                        if (!whole) CopyEdge(height, width, target, depth, tile, k > 0);
                    }
                }
            }
        }

        // The gradient's rows at places [k, k + length), which may belong to several images.
        private void PackRows(long group, long row, long rows, long k, long length, T* target)
        {
            for (long i = 0; i < rows; i += TileRows, target += TileRows * length)
                for (long at = k; at < k + length;)
                {
                    long image = at / plan.Columns, place = at - image * plan.Columns, count = Math.Min(plan.Columns - place, k + length - at);
                    var source = grad + ((image * plan.Groups + group) * plan.Rows + row + i) * plan.Columns + place;
                    GemmPack.Panels(Math.Min(TileRows, rows - i), count, source, plan.Columns, 1, target + (at - k) * TileRows, TileRows);
                    at += count;
                }
        }
    }
}
