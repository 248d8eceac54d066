using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Modified Bessel function of the first kind of order 0: i0, which has a derivative. Has no derivative.</summary>
[Op("special_modified_bessel_i0(self)")]
public sealed partial record SpecialModifiedBesselI0 : ComputeOp, IOp<SpecialModifiedBesselI0>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Enumerable.Range(0, 30).Sum(k => Math.Pow(x * x / 4, k) / Enumerable.Range(1, k).Aggregate(1.0, (p, i) => p * i * i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialModifiedBesselI0(), s.Any(3, 4)), Sample.Of(new SpecialModifiedBesselI0(), s.Any()), Sample.Of(new SpecialModifiedBesselI0(), s.Any(5, 3).Transpose(0, 1)), Sample.Of(new SpecialModifiedBesselI0(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_modified_bessel_i0", x[0], y, new Kernel());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => BesselMath.Modified(0, x);
    }
}
