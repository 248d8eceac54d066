using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Exponentially scaled modified Bessel function of the second kind of order 0: e^x K0(x); NaN below 0. Has no derivative.</summary>
[Op("special_scaled_modified_bessel_k0(self)")]
public sealed partial record SpecialScaledModifiedBesselK0 : ComputeOp, IOp<SpecialScaledModifiedBesselK0>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Exp(x) * Enumerable.Range(0, 30).Sum(k => Math.Pow(x * x / 4, k) / Math.Pow(Enumerable.Range(1, k).Aggregate(1.0, (p, i) => p * i), 2) * (Enumerable.Range(1, k).Sum(i => 1.0 / i) - Math.Log(x / 2) - 0.57721566490153286)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialScaledModifiedBesselK0(), s.Positive(3, 4)), Sample.Of(new SpecialScaledModifiedBesselK0(), s.Positive()), Sample.Of(new SpecialScaledModifiedBesselK0(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new SpecialScaledModifiedBesselK0(), s.Positive(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_scaled_modified_bessel_k0", x[0], y, new Kernel());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => BesselMath.ScaledModifiedSecondKind(0, x);
    }
}
