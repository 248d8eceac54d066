namespace AutogradService.Engine.Ops;

/// <summary>A view of every step-th index of a dim from start up to, not including, end; as Python slices, negative bounds count from the end.</summary>
[Op("slice(self, dim, start, end, step)")]
public sealed partial record Slice(long Dim = 0, long? Start = null, long? End = null, long Step = 1) : ViewOp, IOp<Slice>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Slice>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        var (start, length) = op.Range(x[0].Shape[dim]);
        return NdArray.Build(x[0].Shape.With(dim, length), i =>
        {
            i[dim] = start + i[dim] * op.Step;
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Slice(), s.Any(3, 4)),
        Sample.Of(new Slice(0, 1, 3), s.Any(4, 2)),
        Sample.Of(new Slice(-1, -3, -1), s.Any(2, 5)),
        Sample.Of(new Slice(1, null, null, 2), s.Any(2, 5)),
        Sample.Of(new Slice(0, 3, 1), s.Any(4, 2)),
        Sample.Of(new Slice(1, 1, 100, 3), s.Strided(3, 5)),
    ];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        if (x.Dim == 0) throw AutogradException.Index("slice() cannot be applied to a 0-dim tensor.");
        if (Step <= 0) throw AutogradException.Attribute("slice step must be positive");
        int dim = Shape.WrapDim(Dim, x.Dim);
        var (start, length) = Range(x.Shape[dim]);
        return Part.Slice(x, dim, start, length, Step);
    }

    // zeros with g in the slice
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved)
    {
        var shape = saved.Shape(0);
        return grad.SliceBackward(Dims.Of(shape), Dim, Range(shape[Shape.WrapDim(Dim, shape.Rank)]).Start, Step);
    }

    private (long Start, long Length) Range(long size)
    {
        long start = Start ?? 0, end = End ?? size;
        start = Math.Clamp(start < 0 ? start + size : start, 0, size);
        end = Math.Clamp(end < 0 ? end + size : end, start, size);
        return (start, (end - start + Step - 1) / Step);
    }
}
