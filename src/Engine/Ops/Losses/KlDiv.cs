namespace AutogradService.Engine.Ops;

/// <summary>Kullback-Leibler divergence of log-probabilities from a target: target (log target - input), or e^target (target - input) for a logarithmic target.</summary>
[Op("kl_div(self, target, reduction, log_target)")]
public sealed partial record KlDiv(string Reduction = "mean", bool LogTarget = false) : CompositeOp, IOp<KlDiv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<KlDiv>((op, x) =>
    {
        var elements = NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i =>
        {
            double a = x[0].Broadcast(i), t = x[1].Broadcast(i);
            return op.LogTarget ? Math.Exp(t) * (t - a) : (t == 0 ? 0 : t * Math.Log(t)) - t * a;
        });
        return op.Reduction == "batchmean" ? elements.Reduce(null, false, v => v.Sum() / x[0].Shape[0]) : LossReduction.Define(elements, op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new KlDiv(), s.Any(3, 4), s.Positive(3, 4)),
            Sample.Of(new KlDiv("batchmean", true), s.Any(3, 4), s.Any(3, 4)),
            Sample.Of(new KlDiv("none"), s.Any(3, 4), s.Positive(3, 4)),
            Sample.Of(new KlDiv("sum"), s.Any(3), s.Positive(3)),
        ]
        : [Sample.Of(new KlDiv("sum", true), s.Any(3), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor self = x[0], target = x[1];
        if (Reduction != "batchmean") LossReduction.Check(Reduction);
        var elements = LogTarget ? target.Exp().Mul(target.Sub(self)) : target.Xlogy(target).Sub(target.Mul(self));
        if (Reduction != "batchmean") return LossReduction.Apply(elements, Reduction);
        var sum = elements.Sum();
        return self.Dim == 0 ? sum : sum.Div(self.Shape[0]);
    }
}
