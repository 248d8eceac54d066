namespace AutogradService.Engine.Ops;

/// <summary>A view of one index of a dim, which goes away; a negative index counts from the end.</summary>
[Op("select(self, dim, index)")]
public sealed partial record Select(long Dim, long Index) : ViewOp, IOp<Select>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Select>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        long index = op.Index < 0 ? op.Index + x[0].Shape[dim] : op.Index;
        return NdArray.Build(x[0].Shape.Without(dim), i => x[0][[.. i[..dim], index, .. i[dim..]]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Select(0, 1), s.Any(3, 4)), Sample.Of(new Select(-1, -1), s.Any(2, 3, 4)), Sample.Of(new Select(0, 0), s.Any(3)), Sample.Of(new Select(1, 2), s.Strided(2, 3)), Sample.Of(new Select(0, 1), s.Any(2, 0))];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        if (x.Dim == 0) throw AutogradException.Index("select() cannot be applied to a 0-dim tensor.");
        int dim = Shape.WrapDim(Dim, x.Dim);
        long size = x.Shape[dim];
        if (Index < -size || Index >= size)
            throw AutogradException.Index($"select(): index {Index} out of range for tensor of size {x.Shape} at dimension {dim}");
        return Part.Select(x, dim, Index < 0 ? Index + size : Index);
    }

    // zeros with g at the index
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.SelectBackward(Dims.Of(saved.Shape(0)), Dim, Index);
}
