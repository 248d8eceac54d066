namespace AutogradService.Engine.Ops;

/// <summary>Alpha dropout of whole channels: what the first two dims name is kept or dropped together.</summary>
[Op("feature_alpha_dropout(self, p, training)", InPlace = true)]
public sealed partial record FeatureAlphaDropout(double P = 0.5, bool Training = false) : CompositeOp, IOp<FeatureAlphaDropout>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new FeatureAlphaDropout(0.3, true), s.Any(3, 4, 2)), Sample.Of(new FeatureAlphaDropout(), s.Any(3, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Noise(x[0]) is var (factor, shift) ? x[0].Mul(factor).Add(shift) : x[0];

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => Noise(x[0]) is var (factor, shift) ? x[0].MulInPlace(factor).AddInPlace(shift) : x[0];

    private (Tensor Factor, Tensor Shift)? Noise(Tensor x) => FeatureDropout.AlphaNoise(x, Training && P != 0 ? FeatureDropout.Channels(x) : x.Shape, P, Training);
}
