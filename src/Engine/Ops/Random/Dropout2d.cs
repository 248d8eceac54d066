namespace AutogradService.Engine.Ops;

/// <summary>Dropout of whole channels of 2 dims each; a tensor without a batch counts as a batch of one.</summary>
[Op("dropout2d(self, p, training)")]
public sealed partial record Dropout2d(double P = 0.5, bool Training = true) : CompositeOp, IOp<Dropout2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new Dropout2d(0.3), s.Any(3, 4, 2, 2)), Sample.Of(new Dropout2d(0.3, false), s.Any(3, 2, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (!(P is >= 0 and <= 1)) throw AutogradException.Attribute($"dropout probability has to be between 0 and 1, but got {((Scalar)P).ToString()}", TorchErrorType.ValueError);
        return self.FeatureDropout(P, Training);
    }
}
