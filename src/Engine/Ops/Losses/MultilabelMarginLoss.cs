namespace AutogradService.Engine.Ops;

/// <summary>
/// Multi-label margin loss: the sum over the target classes t, which a -1 ends, and the classes c that are no target, of max(0, 1 - self[t] + self[c]), divided by the number of classes.
/// </summary>
[Op("multilabel_margin_loss(self, target!, reduction)")]
public sealed partial record MultilabelMarginLoss(string Reduction = "mean") : ComputeOp, IOp<MultilabelMarginLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MultilabelMarginLoss>((op, x) =>
    {
        long classes = x[0].Shape.Rank == 0 ? 1 : x[0].Shape[-1], rows = x[0].Shape.Numel / classes;
        var losses = new double[rows];
        for (long r = 0; r < rows; r++)
        {
            var targets = x[1].Values.Skip((int)(r * classes)).Take((int)classes).TakeWhile(t => t >= 0).ToArray();
            foreach (double t in targets)
                for (long c = 0; c < classes; c++)
                    if (!targets.Contains(c)) losses[r] += Math.Max(0, 1 - x[0].Values[r * classes + (long)t] + x[0].Values[r * classes + c]) / classes;
        }
        return LossReduction.Define(new NdArray(x[0].Shape.Rank < 2 ? Shape.Scalar : Shape.Of(rows), losses), op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new MultilabelMarginLoss(), s.Any(2, 4), s.Integers(Shape.Of(2, 4), 3, 0, -1, 1, 1, -1, 0, 0)),
            Sample.Of(new MultilabelMarginLoss("none"), s.Strided(2, 3), s.Integers(Shape.Of(2, 3), 2, 0, 1, -1, 0, 0)),
            Sample.Of(new MultilabelMarginLoss("sum"), s.Any(4), s.Integers(Shape.Of(4), 3, 1, -1, 0)),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor self = x[0], target = x[1];
        LossReduction.Check(Reduction);
        if (self.Dim > 2 || self.Dim > 0 && self.Shape[-1] == 0) throw AutogradException.Shape($"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {self.Shape}");
        if (self.Dim == 2 ? !target.Shape.Equals(self.Shape) : target.Dim > 1 || target.Numel != self.Numel)
            throw AutogradException.Shape($"inconsistent target size: {target.Shape} for input of size: {self.Shape}");
        if (!self.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("multilabel_margin_loss_forward_out_frame", self.DType);
        if (target.DType != DType.Int64) throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type Long but found {target.DType.TorchName}");
        return new(Reduction == "none" && self.Dim == 2 ? Shape.Of(self.Shape[0]) : Shape.Scalar, self.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var (excess, pairs) = Excess(x[0], x[1]);
        var losses = excess.Mul(pairs).Sum([1, 2]).Div(excess.Shape[1]);
        Kernels.Transfer.Into(LossReduction.Apply(losses, Reduction).Reshape(Dims.Of(y.Shape)), y);
    }

    // Each pair (t, c) with 1 - x_t + x_c > 0 gives its gradient to x_c, and takes it from x_t.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var self = saved.Input(0);
        var (excess, pairs) = Excess(self, saved.Input(1));
        var slopes = pairs.Mul(excess.Gt(0L));
        var directions = slopes.Sum([1]).Sub(slopes.Sum([2]));
        var rows = grad.Dim == 0 ? grad : grad.Unsqueeze(1);
        return directions.Mul(rows).Div(Reduction == "mean" ? directions.Numel : directions.Shape[1]).Reshape(Dims.Of(self.Shape));
    }

    // By row, class t and class c: max(0, 1 - x_t + x_c), and how often the pair counts.
    private static unsafe (Tensor Excess, Tensor Pairs) Excess(Tensor self, Tensor target)
    {
        var workspace = self.Workspace;
        var rows = self.Dim == 2 ? self : self.Reshape([1, -1]);
        long n = rows.Shape[0], classes = rows.Shape[1];
        var counts = workspace.RawFull(rows.Shape, 0.0, self.DType);
        var labels = workspace.RawContiguous(target).ToArray<long>();
        var times = new double[n * classes];
        foreach (long label in labels)
            if (label < -1 || label >= classes) throw AutogradException.Attribute(label < -1 ? "target min out of range" : "target max out of range");
        for (long r = 0; r < n; r++)
            for (long i = 0; i < classes && labels[r * classes + i] >= 0; i++) times[r * classes + labels[r * classes + i]]++;
        counts = workspace.FromArray<double>(times, rows.Shape, self.DType);
        var excess = rows.Unsqueeze(1).Sub(rows.Unsqueeze(2)).Add(1L).ClampMin(0L);
        return (excess, counts.Unsqueeze(2).Mul(counts.Eq(0L).Unsqueeze(1)));
    }
}
