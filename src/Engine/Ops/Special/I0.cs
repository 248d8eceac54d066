using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Modified Bessel function of the first kind of order 0.</summary>
[Op("i0(self)", InPlace = true)]
public sealed partial record I0 : ComputeOp, IOp<I0>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Enumerable.Range(0, 64).Sum(i => Math.Exp(x * Math.Cos(Math.PI * (i + 0.5) / 64)) * Math.Cos(0 * Math.PI * (i + 0.5) / 64)) / 64);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new I0(), s.Any(3, 4)), Sample.Of(new I0(), s.Any()), Sample.Of(new I0(), s.Strided(3, 5)), Sample.Of(new I0(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("i0", x[0], y, new Kernel());

    // I0' = I1
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        return grad.Mul(saved.Input(0).SpecialI1());
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => BesselMath.Modified(0, x);
    }
}
