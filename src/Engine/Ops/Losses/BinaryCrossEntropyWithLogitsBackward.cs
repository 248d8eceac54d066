using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of binary_cross_entropy_with_logits: weight ((p t + 1 - t) sigmoid(x) - p t) grad_output with p = pos_weight, divided by n for a mean.</summary>
[Op("binary_cross_entropy_with_logits_backward(grad_output, self, target, weight?!, pos_weight?!, reduction)", Hidden = true)]
public sealed partial record BinaryCrossEntropyWithLogitsBackward(string Reduction) : ComputeOp, IOp<BinaryCrossEntropyWithLogitsBackward>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BinaryCrossEntropyWithLogitsBackward>((op, x) => NdArray.Build(x[1].Shape, i =>
    {
        double a = x[1][i], t = x[2][i], w = x[3] is null ? 1 : x[3].Broadcast(i), p = x[4] is null ? 1 : x[4].Broadcast(i);
        return x[0].Broadcast(i) * w * ((p * t + 1 - t) / (1 + Math.Exp(-a)) - p * t) / (op.Reduction == "mean" ? x[1].Shape.Numel : 1);
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new BinaryCrossEntropyWithLogitsBackward("mean"), s.Any(), s.Any(3, 4), s.Probability(3, 4), null, null),
            Sample.Of(new BinaryCrossEntropyWithLogitsBackward("none"), s.Any(3, 4), s.Any(3, 4), s.Probability(3, 4), s.Positive(4), s.Positive(4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(5);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        double share = LossReduction.Share(Reduction, y.Numel);
        if (x.Optional(4) is { } positive)
        {
            Elementwise.MapFloat("binary_cross_entropy_with_logits_backward", x[1], x[2], positive, y, new WeighedSlope());
            Elementwise.MapFloat("binary_cross_entropy_with_logits_backward", y, x[0], y, new Share(share));
        }
        else
        {
            Elementwise.MapFloat("binary_cross_entropy_with_logits_backward", x[0], x[1], x[2], y, new Plain(share));
        }
        if (x.Optional(3) is { } weight) Elementwise.Map(y, weight, y, new Times());
    }

    // With s = sigmoid(x), c = p t + 1 - t: for g, c s - p t; for x, g c s (1 - s); for t, g ((p - 1) s - p).
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(1), t = saved.Input(2);
        Tensor? weight = saved.OptionalInput(3), p = saved.OptionalInput(4);
        if (input == 0) return grad.BinaryCrossEntropyWithLogitsBackward(x, t, weight, p, Reduction);
        var g = grad.Mul(saved.Input(0));
        if (weight is not null) g = g.Mul(weight);
        double share = LossReduction.Share(Reduction, x.Numel);
        if (share != 1) g = g.Mul(share);
        if (input == 2) return p is null ? g.Neg() : g.Mul(p.Sub(1L).Mul(x.Sigmoid()).Sub(p));
        var s = x.Sigmoid();
        var d = g.Mul(s).Mul(s.Neg().Add(1L));
        return p is null ? d : d.Mul(p.Sub(1L).Mul(t).Add(1L));
    }

    private readonly struct Times : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }

    private readonly struct Share(double share) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => a * b * Vector.Create(T.CreateTruncating(share));
    }

    private readonly struct Plain(double share) : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> x, Vector<T> t) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            g * (VectorMath.Sigmoid(x) - t) * Vector.Create(T.CreateTruncating(share));
    }

    private readonly struct WeighedSlope : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> t, Vector<T> p) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            (p * t + Vector<T>.One - t) * VectorMath.Sigmoid(x) - p * t;
    }
}
