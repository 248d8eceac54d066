namespace AutogradService.Engine.Ops;

/// <summary>A view without one dim, if its size is 1.</summary>
[Op("squeeze.dim(self, dim)", InPlace = true)]
public sealed partial record SqueezeDim(long Dim) : ViewOp, IOp<SqueezeDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SqueezeDim>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return new NdArray(Shape.Of(x[0].Shape.Sizes.ToArray().Where((s, d) => d != dim || s != 1).ToArray()), x[0].Values);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new SqueezeDim(0), s.Any(1, 3)), Sample.Of(new SqueezeDim(-2), s.Any(2, 1, 3)), Sample.Of(new SqueezeDim(0), s.Any(2, 3)), Sample.Of(new SqueezeDim(0), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SqueezeBackward1";

    private protected override string InPlaceGradFnName => "SqueezeBackward4";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        var named = new bool[Math.Max(x.Dim, 1)];
        named[Shape.WrapDim(Dim, x.Dim)] = true;
        return Squeeze.Without(x, named);
    }

    // g with the dim put back
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Reshape(Dims.Of(saved.Shape(0)));
}
