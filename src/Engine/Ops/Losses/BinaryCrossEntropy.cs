using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Binary cross-entropy of probabilities: -weight (target log self + (1 - target) log(1 - self)), logarithms held above -100.</summary>
[Op("binary_cross_entropy(self, target, weight?!, reduction)")]
public sealed partial record BinaryCrossEntropy(string Reduction = "mean") : PointwiseLoss(Reduction), IOp<BinaryCrossEntropy>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BinaryCrossEntropy>((op, x) => LossReduction.Define(NdArray.Build(x[0].Shape, i =>
        (x.Length > 2 && x[2] is not null ? x[2].Broadcast(i) : 1) * -(x[1][i] * Math.Max(Math.Log(x[0][i]), -100) + (1 - x[1][i]) * Math.Max(Math.Log(1 - x[0][i]), -100))), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new BinaryCrossEntropy(), s.Probability(3, 4), s.Probability(3, 4), null),
            Sample.Of(new BinaryCrossEntropy("sum"), s.Probability(3, 4), s.Probability(3, 4), s.Positive(4)),
            Sample.Of(new BinaryCrossEntropy("none"), s.Probability(3, 4), s.Probability(3, 4), s.Positive(3, 4)),
            Sample.ForwardOnly(new BinaryCrossEntropy("none"), s.Values(Shape.Of(2), 0, 1), s.Values(Shape.Of(2), 1, 1), null),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        LossReduction.Check(Reduction);
        if (!x[0].Shape.Equals(x[1].Shape))
            throw AutogradException.Attribute($"Using a target size (torch.Size({x[1].Shape})) that is different to the input size (torch.Size({x[0].Shape})) is deprecated. Please ensure they have the same size.", TorchErrorType.ValueError);
        if (x.Optional(2) is { } weight) CheckWeight(x[0].Shape, Shape.Broadcast(x[1].Shape, weight.Shape));
        return base.Infer(x);
    }

    private protected override void Elements(Inputs x, Tensor y)
    {
        if (!InRange(x[0])) throw AutogradException.Attribute("all elements of input should be between 0 and 1");
        Elementwise.MapFloat("binary_cross_entropy", x[0], x[1], y, new Kernel());
        if (x.Optional(2) is { } weight) Elementwise.Map(y, weight, y, new Times());
    }

    // d = (x - t) / (x (1 - x)) for x; log(1 - x) - log x for t.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0), t = saved.Input(1);
        var weight = saved.OptionalInput(2);
        if (input == 0) return grad.BinaryCrossEntropyBackward(x, t, weight, Reduction);
        var d = x.Neg().Log1p().ClampMin(-100L).Sub(x.Log().ClampMin(-100L)).Mul(grad);
        if (weight is not null) d = d.Mul(weight);
        double share = LossReduction.Share(Reduction, x.Numel);
        return share == 1 ? d : d.Mul(share);
    }

    private static unsafe bool InRange(Tensor x)
    {
        using var scope = x.Workspace.Scope();
        var bad = x.Workspace.RawEmpty(x.Shape, DType.Bool);
        Elementwise.Compare(x, x, bad, new OutsideUnit());
        return bad.Numel == 0 || Reduce.Max(bad.Pointer<byte>(), bad.Numel) == 0;
    }

    private readonly struct OutsideUnit : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Vector.OnesComplement(Vector.GreaterThanOrEqual(a, Vector<T>.Zero) & Vector.LessThanOrEqual(a, Vector<T>.One));
    }

    private readonly struct Times : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> t) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var floor = Vector.Create(T.CreateTruncating(-100));
            Vector<T> log = Vector.Max(VectorMath.Log(x), floor), other = Vector.Max(VectorMath.Log1p(-x), floor);
            return (t - Vector<T>.One) * other - t * log;
        }
    }
}
