namespace AutogradService.Engine.Ops;

/// <summary>A view with a dim of size 1 put in at a position.</summary>
[Op("unsqueeze(self, dim)", InPlace = true)]
public sealed partial record Unsqueeze(long Dim) : ViewOp, IOp<Unsqueeze>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Unsqueeze>((op, x) =>
    {
        var sizes = x[0].Shape.Sizes.ToArray().ToList();
        sizes.Insert(Shape.WrapDim(op.Dim, sizes.Count + 1), 1);
        return new NdArray(Shape.Of([.. sizes]), x[0].Values);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Unsqueeze(0), s.Any(3, 4)), Sample.Of(new Unsqueeze(-1), s.Any(3, 4)), Sample.Of(new Unsqueeze(1), s.Any(3, 4)), Sample.Of(new Unsqueeze(-1), s.Any()), Sample.Of(new Unsqueeze(0), s.Any(0))];

    private protected override string InPlaceGradFnName => "UnsqueezeBackward1";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        int dim = Shape.WrapDim(Dim, x.Dim + 1);
        long stride = dim < x.Dim ? x.Shape[dim] * x.Strides[dim] : 1;
        return new(Shape.Of([.. x.Shape.Sizes[..dim], 1, .. x.Shape.Sizes[dim..]]), [.. x.Strides[..dim], stride, .. x.Strides[dim..]], x.Offset);
    }

    // g without the dim
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Squeeze(Dim);
}
