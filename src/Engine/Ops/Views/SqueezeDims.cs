namespace AutogradService.Engine.Ops;

/// <summary>A view without those of some dims that have size 1.</summary>
[Op("squeeze.dims(self, dim)", InPlace = true)]
public sealed partial record SqueezeDims(Dims Dim) : ViewOp, IOp<SqueezeDims>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SqueezeDims>((op, x) =>
    {
        var named = op.Dim.Select(d => Shape.WrapDim(d, x[0].Shape.Rank)).ToHashSet();
        return new NdArray(Shape.Of(x[0].Shape.Sizes.ToArray().Where((s, d) => !named.Contains(d) || s != 1).ToArray()), x[0].Values);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new SqueezeDims([0, -1]), s.Any(1, 3, 1)), Sample.Of(new SqueezeDims([1]), s.Any(2, 3)), Sample.Of(new SqueezeDims([]), s.Any(1, 2)), Sample.Of(new SqueezeDims([0]), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SqueezeBackward2";

    private protected override string InPlaceGradFnName => "SqueezeBackward5";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        var named = new bool[Math.Max(x.Dim, 1)];
        foreach (long dim in Dim)
        {
            int d = Shape.WrapDim(dim, x.Dim);
            if (named[d]) throw AutogradException.Attribute($"dim {d} appears multiple times in the list of dims");
            named[d] = true;
        }
        return Squeeze.Without(x, named);
    }

    // g with the dims put back
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Reshape(Dims.Of(saved.Shape(0)));
}
