namespace AutogradService.Engine.Ops;

/// <summary>Smooth L1 loss: (self - target)^2 / (2 beta) where |self - target| is below beta, |self - target| - beta / 2 beyond; with beta 0 the absolute error.</summary>
[Op("smooth_l1_loss(self, target, reduction, beta)")]
public sealed partial record SmoothL1Loss(string Reduction = "mean", double Beta = 1) : CompositeOp, IOp<SmoothL1Loss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SmoothL1Loss>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i =>
        {
            double d = Math.Abs(x[0].Broadcast(i) - x[1].Broadcast(i));
            return d < op.Beta ? d * d / (2 * op.Beta) : d - op.Beta / 2;
        }), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new SmoothL1Loss("sum", 0.7), s.Any(3, 4), s.Any(4)), Sample.Of(new SmoothL1Loss("sum", 0), s.Any(3, 4), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Beta == 0 ? x[0].L1Loss(x[1], Reduction) : workspace.Apply(new SmoothL1(Reduction, Beta), x[0], x[1]);
}
