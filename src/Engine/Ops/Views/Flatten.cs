namespace AutogradService.Engine.Ops;

/// <summary>Makes one dim of a run of dims: a view where strides allow it, else a copy; a single dim stays as it is.</summary>
[Op("flatten(self, start_dim, end_dim)")]
public sealed partial record Flatten(long StartDim = 0, long EndDim = -1) : CompositeOp, IOp<Flatten>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Flatten>((op, x) => new NdArray(op.Target(x[0].Shape), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Flatten(), s.Any(2, 3, 4)), Sample.Of(new Flatten(1), s.Any(2, 3, 4)), Sample.Of(new Flatten(0, 1), s.Strided(3, 4)), Sample.Of(new Flatten(), s.Any()), Sample.Of(new Flatten(0, -1), s.Any(2, 0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var shape = Target(x[0].Shape);
        return x[0].Dim == shape.Rank ? x[0] : x[0].Reshape(Dims.Of(shape));
    }

    private Shape Target(Shape shape)
    {
        int start = Shape.WrapDim(StartDim, shape.Rank), end = Shape.WrapDim(EndDim, shape.Rank);
        if (start > end) throw AutogradException.Attribute("flatten() has invalid args: start_dim cannot come after end_dim");
        if (shape.Rank == 0) return Shape.Of(1);
        long size = 1;
        for (int d = start; d <= end; d++) size *= shape[d];
        return Shape.Of([.. shape.Sizes[..start], size, .. shape.Sizes[(end + 1)..]]);
    }
}
