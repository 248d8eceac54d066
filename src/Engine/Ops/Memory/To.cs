namespace AutogradService.Engine.Ops;

/// <summary>The values in another dtype; the tensor itself if it has that dtype already. Gradients are cast back.</summary>
[Op("to(self, dtype)", Page = "torch.Tensor.to")]
public sealed partial record To(DType DType) : CompositeOp, IOp<To>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a cast is defined by its dtypes: tests/Engine.Tests/CastTests covers every pair");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new To(s.DType), s.Any(3, 4)), Sample.Of(new To(DType.Float64), s.Any(3)), Sample.Of(new To(DType.Float64), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].DType == DType ? x[0] : workspace.Apply(new ToCopy(DType), x[0]);
}
