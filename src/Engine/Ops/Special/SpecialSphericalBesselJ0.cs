using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Spherical Bessel function of the first kind of order 0: sin(x) / x, and 1 at 0. Has no derivative.</summary>
[Op("special_spherical_bessel_j0(self)")]
public sealed partial record SpecialSphericalBesselJ0 : ComputeOp, IOp<SpecialSphericalBesselJ0>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x == 0 ? 1 : Math.Sin(x) / x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialSphericalBesselJ0(), s.Any(3, 4)), Sample.Of(new SpecialSphericalBesselJ0(), s.Any()), Sample.Of(new SpecialSphericalBesselJ0(), s.Any(5, 3).Transpose(0, 1)), Sample.Of(new SpecialSphericalBesselJ0(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_spherical_bessel_j0", x[0], y, new Kernel());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => x == 0 ? 1 : double.IsInfinity(x) ? 0 : Math.Sin(x) / x;
    }
}
