namespace AutogradService.Engine.Ops;

/// <summary>
/// Multi-class margin loss: the sum over the classes c other than the target t of max(0, margin - self[t] + self[c])^p weight[t], divided by the number of classes.
/// </summary>
[Op("multi_margin_loss(self, target!, p, margin, weight?!, reduction)")]
public sealed partial record MultiMarginLoss(Scalar? P = null, Scalar? Margin = null, string Reduction = "mean") : ComputeOp, IOp<MultiMarginLoss>
{
    private double M => (Margin ?? 1L).Real;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MultiMarginLoss>((op, x) =>
    {
        long classes = x[0].Shape.Rank == 0 ? 1 : x[0].Shape[-1];
        var losses = NdArray.Build(x[1].Shape.Rank == 0 || x[1].Shape[0] == 1 && x[0].Shape.Rank < 2 ? Shape.Scalar : x[1].Shape, i =>
        {
            long row = i.Length == 0 ? 0 : i[0], target = (long)x[1].Values[row];
            double sum = 0;
            for (long c = 0; c < classes; c++)
                if (c != target) sum += Math.Pow(Math.Max(0, op.M - x[0].Values[row * classes + target] + x[0].Values[row * classes + c]), (op.P ?? 1L).Real) * (x[2]?[target] ?? 1);
            return sum / classes;
        });
        return op.Reduction == "none" ? new NdArray(x[1].Shape, losses.Values) : LossReduction.Define(losses, op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new MultiMarginLoss(), s.Any(3, 4), s.Index(4, 3), null),
            Sample.Of(new MultiMarginLoss(2L, 0.5, "none"), s.Strided(3, 4), s.Index(4, 3), s.Positive(4)),
            Sample.Of(new MultiMarginLoss(1L, 2L, "sum"), s.Any(5), s.Integers(Shape.Scalar, 2), null),
            Sample.Of(new MultiMarginLoss(2L), s.Any(5), s.Integers(Shape.Of(1), 2), s.Positive(5)),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor self = x[0], target = x[1];
        LossReduction.Check(Reduction);
        if (x.Optional(2) is { Dim: not 1 }) throw AutogradException.Attribute("weight must be one-dimensional", TorchErrorType.ValueError);
        if (P is { Real: not (1 or 2) }) throw AutogradException.Attribute("only p == 1 and p == 2 supported");
        if (self.Dim > 2 || self.Dim > 0 && self.Shape[-1] == 0) throw AutogradException.Shape($"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {self.Shape}");
        long rows = self.Dim == 2 ? self.Shape[0] : 1, classes = self.Dim == 0 ? 1 : self.Shape[-1];
        if (target.Dim > 1 || target.Numel != rows) throw AutogradException.Shape($"inconsistent target size, expected {rows} but got {target.Shape}");
        if (x.Optional(2) is { } weight && weight.Numel != classes) throw AutogradException.Shape($"inconsistent weight size, expected {classes} but got {weight.Shape}");
        if (!self.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("multi_margin_loss", self.DType);
        if (target.DType != DType.Int64) throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type Long but found {target.DType.TorchName}");
        return new(Reduction == "none" && target.Dim > 0 ? Shape.Of(rows) : Shape.Scalar, self.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        AlongDim.Checked(x[1], x[0].Dim == 0 ? 1 : x[0].Shape[-1], _ => AutogradException.Attribute("target out of range"));
        var (excess, others) = Excess(x[0], x[1], x.Optional(2));
        var powers = (P is { Real: 2 } ? excess.Square() : excess).Mul(others).Sum([1]).Div(excess.Shape[1]);
        Kernels.Transfer.Into(LossReduction.Apply(powers, Reduction).Reshape(Dims.Of(y.Shape)), y);
    }

    // d sum of w z^p = sum of p w z^(p-1) (dx_c - dx_t) over the classes with z > 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), target = saved.Input(1);
        var (excess, others) = Excess(self, target, saved.OptionalInput(2));
        var slopes = (P is { Real: 2 } ? excess.Mul(2L) : excess.Gt(0L).To(self.DType)).Mul(others);
        var rows = grad.Dim == 0 ? grad : grad.Unsqueeze(1);
        slopes = slopes.Mul(rows).Div(Reduction == "mean" ? excess.Numel : excess.Shape[1]);
        return slopes.ScatterAdd(1, target.Reshape([-1, 1]), slopes.Sum([1], keepdim: true).Neg()).Reshape(Dims.Of(self.Shape));
    }

    // max(0, margin - x_t + x_c) by row and class; and the weight of the row's target, 0 at the target itself.
    private (Tensor Excess, Tensor Others) Excess(Tensor self, Tensor target, Tensor? weight)
    {
        var rows = self.Dim == 2 ? self : self.Reshape([1, -1]);
        var column = target.Reshape([-1, 1]);
        var excess = rows.Sub(rows.Gather(1, column)).Add(M).ClampMin(0L);
        var others = (weight is null ? rows.OnesLike() : weight.To(self.DType).IndexSelect(0, column.Reshape([-1])).Unsqueeze(1).Expand(Dims.Of(rows.Shape))).Detach();
        return (excess, others.Scatter(1, column, 0.0));
    }
}
