namespace AutogradService.Engine.Ops;

/// <summary>
/// Triplet loss: max(0, margin + d(anchor, positive) - d(anchor, negative)), d the p-norm of the difference in the last dim; with swap, d(positive, negative) counts where it is smaller.
/// </summary>
/// <remarks>Balntas et al., "Learning local feature descriptors with triplets and shallow convolutional neural networks", 2016.</remarks>
[Op("triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction)")]
public sealed partial record TripletMarginLoss(double Margin = 1, double P = 2, double Eps = 1e-6, bool Swap = false, string Reduction = "mean") : CompositeOp, IOp<TripletMarginLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<TripletMarginLoss>((op, x) =>
    {
        NdArray D(NdArray a, NdArray b) => PairwiseDistance.Define(a, b, op.P, op.Eps, false);
        NdArray near = D(x[0], x[1]), far = D(x[0], x[2]), other = D(x[1], x[2]);
        return LossReduction.Define(NdArray.Build(near.Shape, i => Math.Max(0, op.Margin + near[i] - (op.Swap ? Math.Min(far[i], other[i]) : far[i]))), op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new TripletMarginLoss(3), s.Any(4, 3), s.Any(4, 3), s.Any(4, 3)),
            Sample.Of(new TripletMarginLoss(5, 3, 0.01, true, "none"), s.Strided(4, 3), s.Any(4, 3), s.Any(4, 3)),
            Sample.Of(new TripletMarginLoss(5, Swap: true, Reduction: "sum"), s.Any(3), s.Any(3), s.Any(3)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        Check(Margin, x);
        Tensor near = x[0].PairwiseDistance(x[1], P, Eps), far = x[0].PairwiseDistance(x[2], P, Eps);
        if (Swap) far = far.Minimum(x[1].PairwiseDistance(x[2], P, Eps));
        return LossReduction.Apply(near.Add(Margin).Sub(far).ClampMin(0L), Reduction);
    }

    /// <summary>Refuses a margin that is not positive, and tensors of different ranks.</summary>
    internal static void Check(double margin, Inputs x)
    {
        if (!(margin > 0)) throw AutogradException.Attribute($"margin must be greater than 0, got {PythonFloat(margin)}", TorchErrorType.ValueError);
        if (x[0].Dim != x[1].Dim || x[1].Dim != x[2].Dim)
            throw AutogradException.Shape(
                $"The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor {x[0].Dim}D, positive {x[1].Dim}D, and negative {x[2].Dim}D inputs");
    }

    // As Python prints it: with a point in it.
    private static string PythonFloat(double value)
    {
        string text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return value == Math.Floor(value) && Math.Abs(value) < 1e15 ? text + ".0" : text;
    }
}
