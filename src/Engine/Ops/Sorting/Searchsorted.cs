using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Where values would go into sorted rows to keep them sorted: the first place, or, if right (or side "right"), the place after equal ones. A sorter tells the order of rows that are not sorted.</summary>
[Op("searchsorted(sorted_sequence!, self~!, out_int32, right, side, sorter?!)")]
public sealed partial record Searchsorted(bool OutInt32 = false, bool Right = false, string? Side = null) : ComputeOp, IOp<Searchsorted>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    private bool After => Right || Side == "right";

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Searchsorted>((op, x) => NdArray.Build(x[1].Shape, i =>
    {
        long n = x[0].Shape[-1], row = 0;
        if (x[0].Shape.Rank > 1)
            for (int d = 0; d < i.Length - 1; d++) row = row * x[0].Shape[d] + i[d];
        return Enumerable.Range(0, (int)n).Count(k =>
        {
            double value = x[0].Values[row * n + (x[2] is { } sorter ? (long)sorter.Values[row * n + k] : k)];
            return op.After ? value <= x[1][i] : value < x[1][i];
        });
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        var row = s.Values(Shape.Of(5), 0, 1, 1, 3, 4);
        yield return Sample.Of(new Searchsorted(), row, s.Any(2, 3), null);
        yield return Sample.Of(new Searchsorted(true, true), row, s.Values(Shape.Of(3), 1, 3, 5), null);
        yield return Sample.Of(new Searchsorted(false, false, "right"), row, s.Number(1L), null);
        yield return Sample.Of(new Searchsorted(), s.Values(Shape.Of(2, 2), 0, 2, 1, 3), s.Values(Shape.Of(2, 3), 0, 1, 2, 1, 2, 4), null);
        yield return Sample.Of(new Searchsorted(), s.Values(Shape.Of(3), 3, 1, 2), s.Values(Shape.Of(2), 2, 3), s.Integers(Shape.Of(3), 1, 2, 0));
        yield return Sample.Of(new Searchsorted(), s.Any(0), s.Any(2), null);
    }

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor boundaries = x[0], values = x[1];
        if (Side is not (null or "left" or "right")) throw AutogradException.Attribute($"torch.searchsorted(): side can only be 'left' or 'right' but got {Side}");
        if (Right && Side == "left") throw AutogradException.Attribute($"torch.searchsorted(): side and right can't be set to opposites, got side of {Side} while right was True");
        if (boundaries.Dim == 0) throw AutogradException.Shape("torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension");
        if (x.Optional(2) is { } sorter)
        {
            if (!sorter.Shape.Equals(boundaries.Shape))
                throw AutogradException.Shape($"torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor {boundaries.Shape}and got sorter tensor {sorter.Shape}");
            if (sorter.DType != DType.Int64) throw new AutogradException(ErrorReason.DtypeUnsupported, $"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.DType.TorchName}");
        }
        if (values.Dim == 0 && boundaries.Dim != 1)
            throw AutogradException.Shape($"torch.searchsorted(): input value can be a scalar only when the boundaries tensor dimension is 1, but we got boundaries tensor dim({boundaries.Dim}) and input value's dim({values.Dim}) numel({values.Numel})");
        if (boundaries.Dim != 1 && (boundaries.Dim != values.Dim || !boundaries.Shape.Sizes[..^1].SequenceEqual(values.Shape.Sizes[..^1])))
            throw AutogradException.Shape($"torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor {boundaries.Shape} and input value tensor {values.Shape}");
        return new(values.Shape, OutInt32 ? DType.Int32 : DType.Int64);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        var ws = y.Workspace;
        using var scope = ws.Scope();
        if (x.Optional(2) is { Numel: > 0 } order && (order.Min().Item() < 0 || order.Max().Item() >= order.Shape[-1])) throw AutogradException.Index("torch.searchsorted(): sorter index out of range");
        var dtype = DTypes.ResultType([x[0], x[1]]).ComputeType;
        Tensor boundaries = ws.RawContiguous(ws.RawCast(x[0], dtype)), values = ws.RawContiguous(ws.RawCast(x[1], dtype));
        DTypes.Dispatch(dtype, new Search(boundaries, values, x.Optional(2) is { } sorter ? ws.RawContiguous(sorter) : null, y, After));
    }

    private readonly unsafe ref struct Search(Tensor boundaries, Tensor values, Tensor? sorter, Tensor y, bool after) : IDTypeAction
    {
        private readonly Tensor _boundaries = boundaries, _values = values, _y = y;
        private readonly Tensor? _sorter = sorter;
        private readonly bool _after = after;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => WorkerPool.For(_values.Numel, 1 << 10, new Body<T>(
            _boundaries.Pointer<T>(), _values.Pointer<T>(), _sorter is null ? null : _sorter.Pointer<long>(), _y.Data, _y.DType == DType.Int32,
            _boundaries.Shape[-1], _boundaries.Dim == 1 ? _values.Numel : _values.Shape[-1], _after));
    }

    private readonly unsafe struct Body<T>(T* boundaries, T* values, long* sorter, void* y, bool narrow, long n, long perRow, bool after) : IRangeBody where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            for (long i = from; i < to; i++)
            {
                long start = i / perRow * n, low = 0, high = n;
                T value = values[i];
                // Not the opposite comparison: NaN goes after everything.
                while (low < high)
                {
                    long middle = low + (high - low) / 2;
                    T at = boundaries[start + (sorter == null ? middle : sorter[start + middle])];
                    if (after ? !(at > value) : !(at >= value)) low = middle + 1;
                    else high = middle;
                }
                if (narrow) ((int*)y)[i] = (int)low;
                else ((long*)y)[i] = low;
            }
        }
    }
}
