namespace AutogradService.Engine.Ops;

/// <summary>
/// Connectionist temporal classification: -log of the sum, over all paths of classes through the frames that become the target when repeats are merged and blanks dropped,
/// of their probability. log_probs is [T, N, C] or [T, C]; targets [N, S], padded, or all one after the other. A mean divides by the length of each target first.
/// With zero_infinity, targets too long for their frames give 0, and no gradient.
/// </summary>
/// <remarks>Graves et al., "Connectionist Temporal Classification", 2006. As in PyTorch the gradient takes log_probs to be normalized (log_softmax), and cannot be differentiated again.</remarks>
[Op("ctc_loss(log_probs, targets!, input_lengths!, target_lengths!, blank, reduction, zero_infinity)")]
public sealed partial record CtcLoss(long Blank = 0, string Reduction = "mean", bool ZeroInfinity = false) : CompositeOp, IOp<CtcLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CtcLoss>((op, x) =>
    {
        long classes = x[0].Shape[-1], batch = x[2].Values.Length, start = 0;
        var losses = new double[batch];
        for (long b = 0; b < batch; b++)
        {
            int frames = (int)x[2].Values[b], labels = (int)x[3].Values[b];
            double[] target = x[1].Values.AsSpan((int)(x[1].Shape.Rank == 2 ? b * x[1].Shape[1] : start), labels).ToArray();
            start += labels;
            var paths = NdArray.Indices(Shape.Of([.. Enumerable.Repeat(classes, frames)])).Where(p => p.Where((c, t) => c != op.Blank && (t == 0 || p[t - 1] != c)).Select(c => (double)c).SequenceEqual(target));
            losses[b] = -Math.Log(paths.Sum(p => Math.Exp(p.Select((c, t) => x[0].Values[(t * batch + b) * classes + c]).Sum())));
            if (op.ZeroInfinity && double.IsInfinity(losses[b])) losses[b] = 0;
            if (op.Reduction == "mean") losses[b] /= Math.Max(1, labels);
        }
        return LossReduction.Define(new NdArray(x[0].Shape.Rank == 3 || op.Reduction != "none" ? Shape.Of(batch) : Shape.Scalar, losses), op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        Tensor full = s.Integers(Shape.Of(2), 4, 4), some = s.Integers(Shape.Of(2), 4, 3), lengths = s.Integers(Shape.Of(2), 2, 1);
        yield return Sample.ForwardOnly(new CtcLoss(), s.Any(4, 2, 3), s.Integers(Shape.Of(2, 2), 1, 1, 2, 0), full, lengths);
        yield return Sample.ForwardOnly(new CtcLoss(1, "none"), s.Any(4, 2, 3), s.Integers(Shape.Of(3), 0, 2, 2), some, lengths);
        yield return Sample.ForwardOnly(new CtcLoss(0, "sum", true), s.Any(4, 2, 3), s.Integers(Shape.Of(5), 1, 1, 1, 1, 2), full, s.Integers(Shape.Of(2), 4, 1));
        yield return Sample.ForwardOnly(new CtcLoss(2, "none"), s.Strided(3, 4), s.Integers(Shape.Of(2), 0, 1), s.Integers(Shape.Scalar, 3), s.Integers(Shape.Scalar, 2));
        yield return Sample.ForwardOnly(new CtcLoss(), s.Any(3, 2, 2), s.Integers(Shape.Of(0)), s.Integers(Shape.Of(2), 3, 0), s.Integers(Shape.Of(2), 0, 0));
    }

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        foreach (int lengths in (int[])[2, 3])
            if (x[lengths].DType.IsFloatingPoint || x[lengths].DType == DType.Bool) throw AutogradException.Attribute($"{Schema.Inputs[lengths].Name} must be integral");
        bool batched = x[0].Dim == 3;
        var losses = workspace.ApplyMany(new CtcLikelihood(Blank, ZeroInfinity), [batched ? x[0] : x[0].Unsqueeze(1), x[1], x[2], x[3]])[0];
        if (ZeroInfinity) losses = losses.Eq(double.PositiveInfinity).Where(0.0, losses);
        if (Reduction == "mean") return losses.Div(x[3].Reshape([-1]).ClampMin(1L).To(losses.DType)).Mean();
        if (Reduction == "sum") return losses.Sum();
        return batched ? losses : losses.Squeeze(0);
    }
}
