namespace AutogradService.Engine.Ops;

/// <summary>Softmax of (logits + g) / tau along a dim, g random Gumbel numbers; with hard, the one-hot vector of its largest element, and the gradient of the soft one.</summary>
/// <remarks>Jang, Gu, Poole, "Categorical Reparameterization with Gumbel-Softmax", 2017.</remarks>
[Op("gumbel_softmax(logits, tau, hard, eps, dim)")]
public sealed partial record GumbelSoftmax(double Tau = 1, bool Hard = false, double Eps = 1e-10, long Dim = -1) : CompositeOp, IOp<GumbelSoftmax>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks sums, one-hot results and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new GumbelSoftmax(), s.Any(3, 4)), Sample.ForwardOnly(new GumbelSoftmax(0.5, true, Dim: 0), s.Any(3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var logits = x[0];
        var gumbel = logits.Detach().Exponential().Log().Neg();
        var soft = logits.Add(gumbel).Div(Tau).Softmax(Dim);
        if (!Hard) return soft;
        var index = soft.Detach().Argmax(Dim, true);
        return logits.Detach().ZerosLike().Scatter(Dim, index, 1.0).Sub(soft.Detach()).Add(soft);
    }
}
