using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Bessel function of the first kind of order 0. Has no derivative.</summary>
[Op("special_bessel_j0(self)")]
public sealed partial record SpecialBesselJ0 : ComputeOp, IOp<SpecialBesselJ0>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Enumerable.Range(0, 40).Sum(k => (k % 2 == 0 ? 1 : -1) * Math.Pow(x / 2, 2 * k + 0) / (Math.Exp(Enumerable.Range(1, k).Sum(i => Math.Log(i))) * Math.Exp(Enumerable.Range(1, k + 0).Sum(i => Math.Log(i))))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialBesselJ0(), s.Any(3, 4)), Sample.Of(new SpecialBesselJ0(), s.Any()), Sample.Of(new SpecialBesselJ0(), s.Strided(3, 5)), Sample.Of(new SpecialBesselJ0(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_bessel_j0", x[0], y, new Kernel());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => BesselMath.FirstKind(0, x);
    }
}
