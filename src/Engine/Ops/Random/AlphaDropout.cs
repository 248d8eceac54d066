namespace AutogradService.Engine.Ops;

/// <summary>Dropout that keeps the mean and variance of SELU's outputs: a dropped element becomes SELU's lower limit, and all are then scaled and shifted.</summary>
/// <remarks>Klambauer et al., "Self-Normalizing Neural Networks", 2017.</remarks>
[Op("alpha_dropout(self, p, training)", InPlace = true)]
public sealed partial record AlphaDropout(double P = 0.5, bool Training = false) : CompositeOp, IOp<AlphaDropout>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new AlphaDropout(0.3, true), s.Any(3, 4)), Sample.Of(new AlphaDropout(), s.Any(3))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Noise(x[0], x[0].Shape) is var (factor, shift) ? x[0].Mul(factor).Add(shift) : x[0];

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => Noise(x[0], x[0].Shape) is var (factor, shift) ? x[0].MulInPlace(factor).AddInPlace(shift) : x[0];

    private (Tensor Factor, Tensor Shift)? Noise(Tensor x, Shape shape) => FeatureDropout.AlphaNoise(x, shape, P, Training);
}
