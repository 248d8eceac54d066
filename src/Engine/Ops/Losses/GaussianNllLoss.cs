namespace AutogradService.Engine.Ops;

/// <summary>Negative log-likelihood of a normal distribution: (log var + (input - target)^2 / var) / 2, var held to at least eps without that showing in its gradient; full adds log(2 pi) / 2.</summary>
[Op("gaussian_nll_loss(input, target, var~, full, eps, reduction)")]
public sealed partial record GaussianNllLoss(bool Full = false, double Eps = 1e-6, string Reduction = "mean") : CompositeOp, IOp<GaussianNllLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GaussianNllLoss>((op, x) => LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i =>
    {
        double d = x[0].Broadcast(i) - x[1].Broadcast(i);
        double v = Math.Max(op.Eps, x[2].Shape.Rank == x[0].Shape.Rank - 1 ? x[2][i.AsSpan(0, i.Length - 1)] : x[2].Broadcast(i));
        return 0.5 * (Math.Log(v) + d * d / v) + (op.Full ? 0.5 * Math.Log(2 * Math.PI) : 0);
    }), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new GaussianNllLoss(), s.Any(3, 4), s.Any(3, 4), s.Positive(3, 4)),
            Sample.Of(new GaussianNllLoss(true, 0.01), s.Strided(3, 4), s.Any(3, 4), s.Positive(3)),
            Sample.Of(new GaussianNllLoss(Reduction: "none"), s.Any(3, 4), s.Any(3, 4), s.Positive(3, 1)),
            Sample.Of(new GaussianNllLoss(Reduction: "sum"), s.Any(3), s.Any(3), s.Positive()),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor input = x[0], target = x[1], variance = x[2];
        if (variance.IsWrappedNumber)
        {
            if (Scalar.Of(variance).Real < 0) throw AutogradException.Attribute("var has negative entry/entries", TorchErrorType.ValueError);
            variance = input.OnesLike().Mul(variance);
        }
        else
        {
            workspace.Require(variance.Lt(0L).Any().LogicalNot(), static () => AutogradException.Attribute("var has negative entry/entries", TorchErrorType.ValueError));
        }
        if (!variance.Shape.Equals(input.Shape))
        {
            var outer = input.Shape.Sizes[..^Math.Min(1, input.Dim)];
            if (outer.SequenceEqual(variance.Shape.Sizes)) variance = variance.Unsqueeze(-1);
            else if (variance.Dim != input.Dim || !outer.SequenceEqual(variance.Shape.Sizes[..^1]) || variance.Shape[-1] != 1)
                throw AutogradException.Attribute("var is of incorrect size", TorchErrorType.ValueError);
        }
        if (Reduction is not ("none" or "mean" or "sum")) throw AutogradException.Attribute($"{Reduction} is not valid", TorchErrorType.ValueError);
        variance = variance.Clone();
        using (workspace.NoGrad()) variance.ClampMinInPlace(Eps);
        var loss = variance.Log().Add(input.Sub(target).Pow(2L).Div(variance)).Mul(0.5);
        if (Full) loss = loss.Add(0.5 * Math.Log(2 * Math.PI));
        return LossReduction.Apply(loss, Reduction);
    }
}
