namespace AutogradService.Engine.Ops;

/// <summary>Normal distribution function: (1 + erf(x / sqrt 2)) / 2.</summary>
[Op("special_ndtr(self)")]
public sealed partial record SpecialNdtr : CompositeOp, IOp<SpecialNdtr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Kernels.ScalarMath.Erfc(-x / Math.Sqrt(2)) / 2);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialNdtr(), s.Any(3, 4)), Sample.Of(new SpecialNdtr(), s.Any()), Sample.Of(new SpecialNdtr(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Div(Math.Sqrt(2)).Erf().Add(1L).Mul(0.5);
}
