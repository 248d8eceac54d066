using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Binary cross-entropy of logits, stable for large ones: weight ((1 - target) x + l (log(1 + e^-|x|) + max(-x, 0))) with l = 1 + (pos_weight - 1) target.
/// </summary>
[Op("binary_cross_entropy_with_logits(self, target, weight?!, pos_weight?!, reduction)")]
public sealed partial record BinaryCrossEntropyWithLogits(string Reduction = "mean") : PointwiseLoss(Reduction), IOp<BinaryCrossEntropyWithLogits>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BinaryCrossEntropyWithLogits>((op, x) => LossReduction.Define(NdArray.Build(x[0].Shape, i =>
    {
        double a = x[0][i], t = x[1][i], w = x[2] is null ? 1 : x[2].Broadcast(i), p = x[3] is null ? 1 : x[3].Broadcast(i);
        return w * ((1 - t) * a + (1 + (p - 1) * t) * Math.Log(1 + Math.Exp(-a)));
    }), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new BinaryCrossEntropyWithLogits(), s.Any(3, 4), s.Probability(3, 4), null, null),
            Sample.Of(new BinaryCrossEntropyWithLogits("sum"), s.Any(3, 4), s.Probability(3, 4), s.Positive(4), null),
            Sample.Of(new BinaryCrossEntropyWithLogits("none"), s.Any(3, 4), s.Probability(3, 4), null, s.Positive(4)),
            Sample.Of(new BinaryCrossEntropyWithLogits(), s.Strided(3, 4), s.Probability(3, 4), s.Positive(3, 1), s.Positive(4)),
            Sample.Of(new BinaryCrossEntropyWithLogits("sum"), s.Any(0), s.Any(0), null, null),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(4);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (!x[0].Shape.Equals(x[1].Shape))
            throw AutogradException.Attribute($"Target size (torch.Size({x[1].Shape})) must be the same as input size (torch.Size({x[0].Shape}))", TorchErrorType.ValueError);
        if (x.Optional(3) is { } positive) CheckWeight(x[0].Shape, Shape.Broadcast(positive.Shape, x[1].Shape));
        if (x.Optional(2) is { } weight) CheckWeight(x[0].Shape, Shape.Broadcast(x[0].Shape, weight.Shape));
        return base.Infer(x);
    }

    private protected override void Elements(Inputs x, Tensor y)
    {
        if (x.Optional(3) is { } positive) Elementwise.MapFloat("binary_cross_entropy_with_logits", x[0], x[1], positive, y, new Kernel());
        else Elementwise.MapFloat("binary_cross_entropy_with_logits", x[0], x[1], y, new Kernel());
        if (x.Optional(2) is { } weight) Elementwise.Map(y, weight, y, new Times());
    }

    // With s = sigmoid(x): for x, w ((p t + 1 - t) s - p t), in one kernel; for t, w (-x + (p - 1) log(1 + e^-x)).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0);
        Tensor? weight = saved.OptionalInput(2), positive = saved.OptionalInput(3);
        if (input == 0) return grad.BinaryCrossEntropyWithLogitsBackward(x, saved.Input(1), weight, positive, Reduction);
        var d = x.Neg();
        if (positive is not null) d = d.Add(positive.Sub(1L).Mul(d.Softplus()));
        d = d.Mul(grad);
        if (weight is not null) d = d.Mul(weight);
        double share = LossReduction.Share(Reduction, x.Numel);
        return share == 1 ? d : d.Mul(share);
    }

    private readonly struct Times : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }

    private readonly struct Kernel : IFloatBinaryKernel, IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> t) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => (Vector<T>.One - t) * x + SoftplusOfNegative(x);

        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> t, Vector<T> p) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            (Vector<T>.One - t) * x + (Vector<T>.One + (p - Vector<T>.One) * t) * SoftplusOfNegative(x);

        private static Vector<T> SoftplusOfNegative<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            VectorMath.Log1p(VectorMath.Exp(-Vector.Abs(x))) + Vector.Max(-x, Vector<T>.Zero);
    }
}
