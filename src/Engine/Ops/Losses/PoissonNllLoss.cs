namespace AutogradService.Engine.Ops;

/// <summary>
/// Negative log-likelihood of a Poisson distribution: e^input - target input, or input - target log(input + eps) where the input is no logarithm; full adds Stirling's
/// approximation of log target! where the target exceeds 1.
/// </summary>
[Op("poisson_nll_loss(input, target, log_input, full, eps, reduction)")]
public sealed partial record PoissonNllLoss(bool LogInput = true, bool Full = false, double Eps = 1e-8, string Reduction = "mean") : CompositeOp, IOp<PoissonNllLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PoissonNllLoss>((op, x) => LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i =>
    {
        double v = x[0].Broadcast(i), t = x[1].Broadcast(i);
        double loss = op.LogInput ? Math.Exp(v) - t * v : v - t * Math.Log(v + op.Eps);
        return loss + (op.Full && t > 1 ? t * Math.Log(t) - t + 0.5 * Math.Log(2 * Math.PI * t) : 0);
    }), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new PoissonNllLoss(), s.Any(3, 4), s.Positive(3, 4)),
            Sample.Of(new PoissonNllLoss(false, true, 0.1), s.Positive(3, 4), s.Positive(4)),
            Sample.Of(new PoissonNllLoss(true, true, Reduction: "none"), s.Strided(3, 4), s.Positive(3, 4)),
            Sample.Of(new PoissonNllLoss(false, Reduction: "sum"), s.Positive(), s.Positive()),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor input = x[0], target = x[1];
        LossReduction.Check(Reduction);
        var loss = LogInput ? input.Exp().Sub(target.Mul(input)) : input.Sub(target.Mul(input.Add(Eps).Log()));
        if (Full)
        {
            var stirling = target.Mul(target.Log()).Sub(target).Add(target.Mul(2 * Math.PI).Log().Mul(0.5));
            loss = loss.Add(stirling.MaskedFill(target.Le(1L), 0L));
        }
        return LossReduction.Apply(loss, Reduction);
    }
}
