namespace AutogradService.Engine.Ops;

/// <summary>Triplet loss with the Euclidean distance, which is PyTorch's default distance function: max(0, margin + d(anchor, positive) - d(anchor, negative)).</summary>
[Op("triplet_margin_with_distance_loss(anchor, positive, negative, margin, swap, reduction)")]
public sealed partial record TripletMarginWithDistanceLoss(double Margin = 1, bool Swap = false, string Reduction = "mean") : CompositeOp, IOp<TripletMarginWithDistanceLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<TripletMarginWithDistanceLoss>((op, x) =>
    {
        NdArray D(NdArray a, NdArray b) => PairwiseDistance.Define(a, b, 2, 1e-6, false);
        NdArray near = D(x[0], x[1]), far = D(x[0], x[2]), other = D(x[1], x[2]);
        return LossReduction.Define(NdArray.Build(near.Shape, i => Math.Max(0, op.Margin + near[i] - (op.Swap ? Math.Min(far[i], other[i]) : far[i]))), op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new TripletMarginWithDistanceLoss(3), s.Any(4, 3), s.Any(4, 3), s.Any(4, 3)), Sample.Of(new TripletMarginWithDistanceLoss(5, true, "none"), s.Strided(4, 3), s.Any(4, 3), s.Any(4, 3))]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        TripletMarginLoss.Check(Margin, x);
        return x[0].TripletMarginLoss(x[1], x[2], Margin, swap: Swap, reduction: Reduction);
    }
}
