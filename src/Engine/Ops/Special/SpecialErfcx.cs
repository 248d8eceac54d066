using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Scaled complementary error function: e^(x^2) erfc(x).</summary>
[Op("special_erfcx(self)")]
public sealed partial record SpecialErfcx : ComputeOp, IOp<SpecialErfcx>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Exp(x * x) * ScalarMath.Erfc(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialErfcx(), s.Any(3, 4)), Sample.Of(new SpecialErfcx(), s.Any()), Sample.Of(new SpecialErfcx(), s.Strided(3, 5)), Sample.Of(new SpecialErfcx(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_erfcx", x[0], y, new Kernel());

    // y' = 2 x y - 2 / sqrt(pi)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        return grad.Mul(saved.Input(0).Mul(saved.Output()).Mul(2L).Sub(2 / Math.Sqrt(Math.PI)));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.Erfcx(x);
    }
}
