namespace AutogradService.Engine.Ops;

/// <summary>Margin ranking loss: max(0, margin - target (input1 - input2)), with target 1 where input1 is to be the larger, -1 where input2 is.</summary>
[Op("margin_ranking_loss(input1, input2, target, margin, reduction)")]
public sealed partial record MarginRankingLoss(double Margin = 0, string Reduction = "mean") : CompositeOp, IOp<MarginRankingLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MarginRankingLoss>((op, x) => LossReduction.Define(
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => Math.Max(0, op.Margin - x[2].Broadcast(i) * (x[0].Broadcast(i) - x[1].Broadcast(i)))), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new MarginRankingLoss(0.5), s.Any(4), s.Any(4), s.Values(Shape.Of(4), 1, -1, -1, 1)),
            Sample.Of(new MarginRankingLoss(1, "none"), s.Strided(2, 3), s.Any(1, 3), s.Values(Shape.Of(1, 3), 1, -1, 1)),
            Sample.Of(new MarginRankingLoss(2, "sum"), s.Any(), s.Any(), s.Values(Shape.Scalar, 1)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        if (x[0].Dim != x[1].Dim || x[0].Dim != x[2].Dim)
            throw AutogradException.Shape(
                $"margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: torch.Size({x[0].Shape}), input2: torch.Size({x[1].Shape}), target: torch.Size({x[2].Shape}) ");
        return LossReduction.Apply(x[2].Neg().Mul(x[0].Sub(x[1])).Add(Margin).ClampMin(0L), Reduction);
    }
}
