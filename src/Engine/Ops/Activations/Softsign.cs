namespace AutogradService.Engine.Ops;

/// <summary>Sign made soft: x / (1 + |x|).</summary>
[Op("softsign(self)")]
public sealed partial record Softsign : CompositeOp, IOp<Softsign>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x / (1 + Math.Abs(x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Softsign(), s.Any(3, 4)), Sample.Of(new Softsign(), s.Any()), Sample.Of(new Softsign(), s.Strided(3, 5)), Sample.Of(new Softsign(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0] / (x[0].Abs() + 1);
}
