namespace AutogradService.Engine.Ops;

/// <summary>A view in which dims of size 1 are repeated to the shape of another tensor.</summary>
[Op("expand_as(self, other!)", Page = "torch.Tensor.expand_as")]
public sealed partial record ExpandAs : CompositeOp, IOp<ExpandAs>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ExpandAs>((_, x) => NdArray.Build(x[1].Shape, i => x[0].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ExpandAs(), s.Any(3, 1), s.Any(2, 3, 4)), Sample.Of(new ExpandAs(), s.Any(), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Expand(Dims.Of(x[1].Shape));
}
