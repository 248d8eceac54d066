using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Hurwitz' zeta function: the sum of (other + k)^-self over k from 0. Has no derivative in self.</summary>
[Op("special_zeta(self~, other~)")]
public sealed partial record SpecialZeta : ComputeOp, IOp<SpecialZeta>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((s, q) => s < 1 ? double.NaN : Enumerable.Range(0, 2000).Sum(k => Math.Pow(q + k, -s)) + Math.Pow(q + 2000, 1 - s) / (s - 1) + Math.Pow(q + 2000, -s) / 2 + s * Math.Pow(q + 2000, -s - 1) / 12);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new SpecialZeta(), s.Between(2, 6, 3, 4), s.Positive(3, 4)), Sample.Of(new SpecialZeta(), s.Number(3.5), s.Positive(3)), Sample.ForwardOnly(new SpecialZeta(), s.Between(2, 6, 0, 3), s.Positive(3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_zeta", x[0], x[1], y, new Kernel());

    // d zeta(s, q) = -s zeta(s + 1, q) dq
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) throw NoDerivative();
        var s = saved.Input(0);
        return grad * s.Neg() * (s + 1L).SpecialZeta(saved.Input(1));
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(ScalarMath.Zeta(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}
