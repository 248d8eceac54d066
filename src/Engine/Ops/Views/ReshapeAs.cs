namespace AutogradService.Engine.Ops;

/// <summary>The elements in the shape of another tensor: a view where strides allow it, else a copy.</summary>
[Op("reshape_as(self, other!)", Page = "torch.Tensor.reshape_as")]
public sealed partial record ReshapeAs : CompositeOp, IOp<ReshapeAs>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ReshapeAs>((_, x) => new NdArray(x[1].Shape, x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ReshapeAs(), s.Strided(2, 6), s.Any(3, 4)), Sample.Of(new ReshapeAs(), s.Any(), s.Any(1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Reshape(Dims.Of(x[1].Shape));
}
