namespace AutogradService.Engine.Ops;

/// <summary>Multi-label loss: -(target logsigmoid(self) + (1 - target) logsigmoid(-self)) weight, its mean over the classes in the last dim.</summary>
[Op("multilabel_soft_margin_loss(self, target, weight?, reduction)")]
public sealed partial record MultilabelSoftMarginLoss(string Reduction = "mean") : CompositeOp, IOp<MultilabelSoftMarginLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MultilabelSoftMarginLoss>((op, x) => LossReduction.Define(NdArray.Build(x[0].Shape, i =>
    {
        double v = x[0][i], t = x[1].Broadcast(i);
        return (t * Math.Log(1 + Math.Exp(-v)) + (1 - t) * Math.Log(1 + Math.Exp(v))) * (x[2]?.Broadcast(i) ?? 1);
    }).Reduce([-1], false, v => v.Sum() / v.Length), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new MultilabelSoftMarginLoss(), s.Any(3, 4), s.Probability(3, 4), null),
            Sample.Of(new MultilabelSoftMarginLoss("none"), s.Strided(3, 4), s.Probability(3, 4), s.Positive(4)),
            Sample.Of(new MultilabelSoftMarginLoss("sum"), s.Any(4), s.Probability(4), s.Positive(4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor self = x[0], target = x[1];
        var loss = target.Mul(self.Logsigmoid()).Add(target.Rsub(1L).Mul(self.Neg().Logsigmoid())).Neg();
        if (x.Optional(2) is { } weight) loss = loss.Mul(weight);
        if (self.Dim == 0) throw AutogradException.Index("Dimension specified as -1 but tensor has no dimensions");
        loss = loss.Sum([self.Dim - 1]).Div(self.Shape[-1]);
        if (Reduction is not ("none" or "mean" or "sum")) throw AutogradException.Attribute($"{Reduction} is not valid", TorchErrorType.ValueError);
        return LossReduction.Apply(loss, Reduction);
    }
}
