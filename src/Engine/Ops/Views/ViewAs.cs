namespace AutogradService.Engine.Ops;

/// <summary>The same memory in the shape of another tensor.</summary>
[Op("view_as(self, other!)", Page = "torch.Tensor.view_as")]
public sealed partial record ViewAs : CompositeOp, IOp<ViewAs>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ViewAs>((_, x) => new NdArray(x[1].Shape, x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ViewAs(), s.Any(6), s.Any(2, 3)), Sample.Of(new ViewAs(), s.Any(), s.Any(1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].View(Dims.Of(x[1].Shape));
}
