using System.Numerics;
using AutogradService.Engine.Functions;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Contiguous elements as outer x length x inner, of which the middle is reduced. What is what depends on the shape and the dims alone, never on the layout,
/// so that a result does not depend on the layout either. Copies only a tensor that is not contiguous, or dims that do not lie side by side.
/// </summary>
internal readonly record struct ReductionBlocks(Tensor Data, long Outer, long Length, long Inner)
{
    /// <summary>A tensor's elements by the dims to reduce.</summary>
    public static ReductionBlocks Of(Tensor x, Dims? dims)
    {
        var mask = ReducedDims.Mask(x.Dim, dims);
        int first = -1, last = -1;
        for (int d = 0; d < x.Dim; d++)
        {
            if (!mask[d] || x.Shape[d] == 1) continue;
            if (first < 0) first = d;
            last = d;
        }
        long outer = 1, length = 1, inner = 1;
        for (int d = 0; d < x.Dim; d++)
        {
            if (first < 0 || d < first) outer *= x.Shape[d];
            else if (d > last) inner *= x.Shape[d];
            else if (mask[d]) length *= x.Shape[d];
            else if (x.Shape[d] != 1)
            {
                var rows = ReducedDims.Rows(x, dims);
                return new(rows, rows.Shape[0], rows.Shape[1], 1);
            }
        }
        return new(x.Workspace.RawContiguous(x), outer, length, inner);
    }

    /// <summary>y = the sums.</summary>
    public void Sum(Tensor y) => Run(y, Kind.Sum);

    /// <summary>y = the largest elements; NaN if there is one.</summary>
    public void Max(Tensor y) => Run(y, Kind.Max);

    /// <summary>y = the smallest elements; NaN if there is one.</summary>
    public void Min(Tensor y) => Run(y, Kind.Min);

    private void Run(Tensor y, Kind kind)
    {
        if (y.Workspace.Recorder is { } recorder) recorder.Kernel(new Kernel(kind, Outer, Length, Inner), Outer * Length * Inner, y, Data);
        // Without results there may be more of what they would be made of than anybody can count.
        else if (y.Numel > 0) DTypes.Dispatch(y.DType, new Action(this, y, kind));
    }

    private enum Kind
    {
        Sum,
        Max,
        Min,
    }

    private sealed record Kernel(Kind Kind, long Outer, long Length, long Inner) : IKernel
    {
        public bool KeepsParts(long parts, ReadOnlySpan<bool> hasParts) => Outer % parts == 0;

        public bool SumsAll => Kind == Kind.Sum && Outer == 1 && Inner == 1;

        public void Run(ReadOnlySpan<Tensor> x, Tensor y) => new ReductionBlocks(x[0], Outer, Length, Inner).Run(y, Kind);
    }

    private readonly ref struct Action(ReductionBlocks blocks, Tensor y, Kind kind) : IDTypeAction
    {
        private readonly ReductionBlocks _blocks = blocks;
        private readonly Tensor _y = y;
        private readonly Kind _kind = kind;

        public unsafe void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var body = new Body<T>(_blocks.Data.Pointer<T>(), _y.Pointer<T>(), _blocks.Length, _blocks.Inner, _kind);
            if (_blocks.Inner == 1) body.Rows(_blocks.Outer);
            else if (_blocks.Outer <= 2) body.Invoke(0, _blocks.Outer);
            else WorkerPool.For(_blocks.Outer, Math.Max(1, 32768 / Math.Max(1, _blocks.Length * _blocks.Inner)), body);
        }
    }

    private readonly unsafe struct Body<T>(T* x, T* y, long length, long inner, Kind kind) : IRangeBody where T : unmanaged, INumber<T>
    {
        public void Rows(long outer)
        {
            switch (kind)
            {
                case Kind.Sum: Reduce.SumRows(x, outer, length, length, y); break;
                case Kind.Max: Reduce.MaxRows(x, outer, length, length, y); break;
                default: Reduce.MinRows(x, outer, length, length, y); break;
            }
        }

        public void Invoke(long from, long to)
        {
            for (long o = from; o < to; o++)
            {
                T* block = x + o * length * inner;
                switch (kind)
                {
                    case Kind.Sum: Reduce.SumColumns(block, length, inner, inner, y + o * inner); break;
                    case Kind.Max: Reduce.MaxColumns(block, length, inner, inner, y + o * inner); break;
                    default: Reduce.MinColumns(block, length, inner, inner, y + o * inner); break;
                }
            }
        }
    }
}
