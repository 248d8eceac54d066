using System.Numerics;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of nll_loss: -weight[target] grad_output at the targets, divided by the sum of their weights for a mean, and zero elsewhere.</summary>
[Op("nll_loss_backward(grad_output, self, target!, weight?!, reduction, ignore_index)", Hidden = true)]
public sealed partial record NllLossBackward(string Reduction, long IgnoreIndex) : ComputeOp, IOp<NllLossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the derivative of nll_loss, which is linear: the gradient check of nll_loss covers it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new NllLossBackward("mean", 1), s.Any(), s.Any(3, 4), s.Index(4, 3), s.Positive(4)),
            Sample.Of(new NllLossBackward("none", -100), s.Any(2, 2, 2), s.Any(2, 3, 2, 2), s.Index(3, 2, 2, 2), null),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(2) | Engine.Saves.Input(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        var targets = new ClassTargets(y.Shape, x[2], x.Optional(3), y.DType, IgnoreIndex);
        var grad = y.Workspace.RawContiguous(x[0]);
        if (y.DType == DType.Float32) Run<float>(grad, targets, y);
        else Run<double>(grad, targets, y);
    }

    // Linear in the gradient, and the transpose of the loss itself. Of self only the shape matters.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? grad.NllLoss(saved.Input(2), saved.OptionalInput(3), Reduction, IgnoreIndex)
        : saved.Workspace.RawFull(saved.Shape(1), 0.0, saved.DType(1));

    private unsafe void Run<T>(Tensor grad, ClassTargets targets, Tensor y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double total = 0;
        if (Reduction == "mean")
            for (long i = 0; i < targets.Count; i++)
                if (targets.Find(i, out _, out double weight)) total += weight;
        double scale = Reduction == "mean" ? 1 / total : 1;
        long step = Reduction == "none" ? 1 : 0;
        for (long i = 0; i < targets.Count; i++)
            if (targets.Find(i, out long place, out double weight))
                y.Pointer<T>()[place] = T.CreateTruncating(-weight * scale * double.CreateTruncating(grad.Pointer<T>()[i * step]));
    }
}
