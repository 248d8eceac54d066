using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of binary_cross_entropy: weight (self - target) / (self (1 - self)) grad_output, the denominator held above 1e-12, divided by n for a mean.</summary>
[Op("binary_cross_entropy_backward(grad_output, self, target, weight?!, reduction)", Hidden = true)]
public sealed partial record BinaryCrossEntropyBackward(string Reduction) : ComputeOp, IOp<BinaryCrossEntropyBackward>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BinaryCrossEntropyBackward>((op, x) => NdArray.Build(x[1].Shape, i =>
        x[0].Broadcast(i) * (x[3] is null ? 1 : x[3].Broadcast(i)) * (x[1][i] - x[2][i]) / Math.Max(x[1][i] * (1 - x[1][i]), 1e-12) / (op.Reduction == "mean" ? x[1].Shape.Numel : 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new BinaryCrossEntropyBackward("mean"), s.Any(), s.Between(0.2, 0.8, 3, 4), s.Probability(3, 4), null),
            Sample.Of(new BinaryCrossEntropyBackward("none"), s.Any(3, 4), s.Between(0.2, 0.8, 3, 4), s.Probability(3, 4), s.Positive(4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(4);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Elementwise.MapFloat("binary_cross_entropy_backward", x[0], x[1], x[2], y, new Kernel(LossReduction.Share(Reduction, y.Numel)));
        if (x.Optional(3) is { } weight) Elementwise.Map(y, weight, y, new Times());
    }

    // With q = x (1 - x) and h = g (x - t) / q: for g, (x - t) / q; for x, g (x^2 - 2 x t + t) / q^2; for t, -g / q.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(1), t = saved.Input(2);
        var weight = saved.OptionalInput(3);
        if (input == 0) return grad.BinaryCrossEntropyBackward(x, t, weight, Reduction);
        var q = x.Mul(x.Neg().Add(1L)).ClampMin(1e-12);
        var g = grad.Mul(saved.Input(0));
        if (weight is not null) g = g.Mul(weight);
        double share = LossReduction.Share(Reduction, x.Numel);
        if (share != 1) g = g.Mul(share);
        return input == 1 ? g.Mul(x.Mul(x).Sub(x.Mul(t).Mul(2L)).Add(t)).Div(q.Mul(q)) : g.Div(q).Neg();
    }

    private readonly struct Times : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }

    private readonly struct Kernel(double share) : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x, Vector<T> t) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            g * (x - t) / Vector.Max((Vector<T>.One - x) * x, Vector.Create(T.CreateTruncating(1e-12))) * Vector.Create(T.CreateTruncating(share));
    }
}
