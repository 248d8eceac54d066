using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The blocks that a kernel meets when it slides over an image, for im2col and col2im.</summary>
internal sealed class SlidingBlocks
{
    private SlidingBlocks(Dims kernel, Dims dilation, Dims padding, Dims stride, long height, long width)
    {
        (Kernel, Dilation, Padding, Stride, Height, Width) = (kernel, dilation, padding, stride, height, width);
        Rows = Blocks(height, 0);
        Columns = Blocks(width, 1);
    }

    public Dims Kernel { get; }

    public Dims Dilation { get; }

    public Dims Padding { get; }

    public Dims Stride { get; }

    public long Height { get; }

    public long Width { get; }

    /// <summary>Blocks from top to bottom.</summary>
    public long Rows { get; }

    /// <summary>Blocks from left to right.</summary>
    public long Columns { get; }

    /// <summary>Elements of a block.</summary>
    public long Size => Kernel[0] * Kernel[1];

    /// <summary>The blocks of an image, with the refusals that both ops share.</summary>
    public static SlidingBlocks Of(Dims kernelSize, Dims? dilation, Dims? padding, Dims? stride, long height, long width)
    {
        Dims kernel = Pair(kernelSize, "kernel_size"), apart = Pair(dilation ?? [1], "dilation"), pad = Pair(padding ?? [0], "padding"), step = Pair(stride ?? [1], "stride");
        Require(kernel, 1, "kernel size should be greater than zero, but got", "kernel");
        Require(apart, 1, "dilation should be greater than zero, but got", "dilation");
        Require(pad, 0, "padding should be non-negative, but got", "pad");
        Require(step, 1, "stride should be greater than zero, but got", "stride");
        foreach (var (name, pair) in ((string, Dims)[])[("kernel_size", kernel), ("dilation", apart), ("padding", pad), ("stride", step)]) PoolGeometry.RequireModest(name, pair.Values);
        return new SlidingBlocks(kernel, apart, pad, step, height, width);
    }

    /// <summary>Two numbers, of which one may stand for both.</summary>
    public static Dims Pair(Dims values, string name) => PoolGeometry.Expand(values, values, 2, $"It is expected {name} equals to 2, but got size {values.Count}");

    /// <summary>(3, 2), as PyTorch's messages print pairs.</summary>
    public static string Text(Dims pair) => $"({pair[0]}, {pair[1]})";

    /// <summary>The index in the image that an element of a block shows, or null where that is padding.</summary>
    public (long Row, long Column)? At(long block, long element)
    {
        long row = block / Columns * Stride[0] - Padding[0] + element / Kernel[1] * Dilation[0], column = block % Columns * Stride[1] - Padding[1] + element % Kernel[1] * Dilation[1];
        return row >= 0 && row < Height && column >= 0 && column < Width ? (row, column) : null;
    }

    /// <summary>Writes the blocks of contiguous images as columns.</summary>
    public void Read(Tensor images, Tensor columns, long batch, long channels) => StorageTypes.Dispatch(images.DType, new ReadAction(this, images, columns, batch, channels));

    /// <summary>Adds columns to where their blocks stand in contiguous images, from zero.</summary>
    public void Add(Tensor columns, Tensor images, long planes) => DTypes.Dispatch(images.DType, new AddAction(this, columns, images, planes));

    private long Blocks(long size, int d)
    {
        long room = size + 2 * Padding[d] - Dilation[d] * (Kernel[d] - 1) - 1;
        return room < 0 ? -((-room + Stride[d] - 1) / Stride[d]) + 1 : room / Stride[d] + 1;
    }

    private static void Require(Dims pair, long least, string message, string name)
    {
        if (pair[0] < least || pair[1] < least) throw AutogradException.Attribute($"{message} {name}_height: {pair[0]} {name}_width: {pair[1]}");
    }

    private readonly unsafe ref struct ReadAction(SlidingBlocks blocks, Tensor images, Tensor columns, long batch, long channels) : IStorageAction
    {
        private readonly SlidingBlocks _blocks = blocks;
        private readonly Tensor _images = images, _columns = columns;
        private readonly long _batch = batch, _channels = channels;

        public void Run<T>() where T : unmanaged
        {
            var b = _blocks;
            var plan = ConvolutionPlan.Of(
                _batch, 1, 1, _channels, [1, b.Height, b.Width], [1, b.Kernel[0], b.Kernel[1]], [1, b.Rows, b.Columns], [1, b.Stride[0], b.Stride[1]], [0, b.Padding[0], b.Padding[1]], [1, b.Dilation[0], b.Dilation[1]]);
            if (_columns.Numel > 0) WorkerPool.For(_batch * plan.Depth, Math.Max(1, (1 << 14) / plan.Columns), new ReadBody<T>(plan, _images.Pointer<T>(), _columns.Pointer<T>()));
        }
    }

    private readonly unsafe struct ReadBody<T>(ConvolutionPlan plan, T* images, T* columns) : IRangeBody where T : unmanaged
    {
        public void Invoke(long from, long to)
        {
            for (long at = from; at < to;)
            {
                long image = at / plan.Depth, line = at - image * plan.Depth, lines = Math.Min(plan.Depth - line, to - at);
                plan.Fill(images, plan.Channels * plan.InputPlane, line, lines, image * plan.Columns, (image + 1) * plan.Columns, columns + at * plan.Columns, plan.Columns);
                at += lines;
            }
        }
    }

    private readonly unsafe ref struct AddAction(SlidingBlocks blocks, Tensor columns, Tensor images, long planes) : IDTypeAction
    {
        private readonly SlidingBlocks _blocks = blocks;
        private readonly Tensor _columns = columns, _images = images;
        private readonly long _planes = planes;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long plane = _blocks.Height * _blocks.Width;
            WorkerPool.For(_planes, Math.Max(1, (1 << 12) / Math.Max(1, plane)), new AddBody<T>(_blocks, _columns.Pointer<T>(), _images.Pointer<T>()));
        }
    }

    private readonly unsafe struct AddBody<T>(SlidingBlocks blocks, T* columns, T* images) : IRangeBody where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            long plane = blocks.Height * blocks.Width, each = blocks.Size * blocks.Rows * blocks.Columns;
            for (long n = from; n < to; n++)
            {
                T* image = images + n * plane, source = columns + n * each;
                new Span<T>(image, checked((int)plane)).Clear();
                for (long k = 0; k < blocks.Size; k++)
                {
                    long row = k / blocks.Kernel[1] * blocks.Dilation[0] - blocks.Padding[0], column = k % blocks.Kernel[1] * blocks.Dilation[1] - blocks.Padding[1];
                    for (long r = 0; r < blocks.Rows; r++, source += blocks.Columns)
                    {
                        long y = r * blocks.Stride[0] + row;
                        if (y < 0 || y >= blocks.Height) continue;
                        for (long c = 0, x = column; c < blocks.Columns; c++, x += blocks.Stride[1])
                            if (x >= 0 && x < blocks.Width) image[y * blocks.Width + x] += source[c];
                    }
                }
            }
        }
    }
}
