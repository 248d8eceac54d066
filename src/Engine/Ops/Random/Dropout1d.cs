namespace AutogradService.Engine.Ops;

/// <summary>Dropout of whole channels of 1 dims each; a tensor without a batch counts as a batch of one.</summary>
[Op("dropout1d(self, p, training)")]
public sealed partial record Dropout1d(double P = 0.5, bool Training = true) : CompositeOp, IOp<Dropout1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new Dropout1d(0.3), s.Any(3, 4, 2)), Sample.Of(new Dropout1d(0.3, false), s.Any(3, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (!(P is >= 0 and <= 1)) throw AutogradException.Attribute($"dropout probability has to be between 0 and 1, but got {((Scalar)P).ToString()}", TorchErrorType.ValueError);
        if (self.Dim is not (2 or 3))
            throw AutogradException.Shape($"dropout1d: Expected 2D or 3D input, but received a {self.Dim}D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).");
        return self.Dim == 2 ? self.Unsqueeze(0).FeatureDropout(P, Training).Squeeze(0) : self.FeatureDropout(P, Training);
    }
}
