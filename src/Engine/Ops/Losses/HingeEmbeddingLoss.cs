namespace AutogradService.Engine.Ops;

/// <summary>Hinge embedding loss: self where the target is 1, max(0, margin - self) where it is -1, their sum where it is neither.</summary>
[Op("hinge_embedding_loss(self, target!, margin, reduction)")]
public sealed partial record HingeEmbeddingLoss(double Margin = 1, string Reduction = "mean") : CompositeOp, IOp<HingeEmbeddingLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<HingeEmbeddingLoss>((op, x) => LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i =>
    {
        double v = x[0].Broadcast(i), t = x[1].Broadcast(i);
        return (t != 1 ? Math.Max(0, op.Margin - v) : 0) + (t != -1 ? v : 0);
    }), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new HingeEmbeddingLoss(), s.Any(4), s.Values(Shape.Of(4), 1, -1, 0, 1)),
            Sample.Of(new HingeEmbeddingLoss(0.3, "none"), s.Strided(2, 3), s.Values(Shape.Of(3), 1, -1, -1)),
            Sample.Of(new HingeEmbeddingLoss(3, "sum"), s.Any(), s.Values(Shape.Scalar, -1)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor self = x[0], target = x[1];
        LossReduction.Check(Reduction);
        var zeros = self.ZerosLike();
        var unlike = target.Ne(1L).Where(self.Rsub(Margin).ClampMin(0L), zeros);
        return LossReduction.Apply(unlike.Add(target.Ne(-1L).Where(self, zeros)), Reduction);
    }
}
