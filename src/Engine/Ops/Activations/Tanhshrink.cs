namespace AutogradService.Engine.Ops;

/// <summary>What tanh takes away: x - tanh(x).</summary>
[Op("tanhshrink(self)")]
public sealed partial record Tanhshrink : CompositeOp, IOp<Tanhshrink>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x - Math.Tanh(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Tanhshrink(), s.Any(3, 4)), Sample.Of(new Tanhshrink(), s.Any()), Sample.Of(new Tanhshrink(), s.Strided(3, 5)), Sample.Of(new Tanhshrink(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0] - x[0].Tanh();
}
