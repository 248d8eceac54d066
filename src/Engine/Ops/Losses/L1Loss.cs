namespace AutogradService.Engine.Ops;

/// <summary>Absolute error: |self - target|.</summary>
[Op("l1_loss(self, target, reduction)")]
public sealed partial record L1Loss(string Reduction = "mean") : CompositeOp, IOp<L1Loss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<L1Loss>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => Math.Abs(x[0].Broadcast(i) - x[1].Broadcast(i))), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new L1Loss(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new L1Loss("sum"), s.Any(3, 4), s.Any(4)), Sample.Of(new L1Loss("none"), s.Any(0, 3), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        return LossReduction.Apply(x[0].Sub(x[1]).Abs(), Reduction);
    }
}
