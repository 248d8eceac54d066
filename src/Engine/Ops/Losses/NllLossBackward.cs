using System.Numerics;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of nll_loss: -weight[target] grad_output at the targets, divided by the sum of their weights for a mean, and zero elsewhere.</summary>
[Op("nll_loss_backward(grad_output, target!, weight?!, size, reduction, ignore_index)", Hidden = true)]
public sealed partial record NllLossBackward(Dims Size, string Reduction, long IgnoreIndex) : ComputeOp, IOp<NllLossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the derivative of nll_loss, which is linear: the gradient check of nll_loss covers it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new NllLossBackward([3, 4], "mean", 1), s.Any(), s.Index(4, 3), s.Positive(4)),
            Sample.Of(new NllLossBackward([2, 3, 2, 2], "none", -100), s.Any(2, 2, 2), s.Index(3, 2, 2, 2), null),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | Engine.Saves.Input(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        var targets = new ClassTargets(y.Shape, x[1], x.Optional(2), y.DType, IgnoreIndex);
        var grad = y.Workspace.RawContiguous(x[0]);
        if (y.DType == DType.Float32) Run<float>(grad, targets, y);
        else Run<double>(grad, targets, y);
    }

    // Linear in the gradient, and the transpose of the loss itself.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.NllLoss(saved.Input(1), saved.OptionalInput(2), Reduction, IgnoreIndex);

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
