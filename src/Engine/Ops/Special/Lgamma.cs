using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the absolute value of the gamma function.</summary>
[Op("lgamma(self)", InPlace = true)]
public sealed partial record Lgamma : ComputeOp, IOp<Lgamma>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Lgamma>((_, x) => NdArray.Build(x[0].Shape, i => Stirling(x[0][i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Lgamma(), s.Positive(3, 4)), Sample.Of(new Lgamma(), s.Positive()), Sample.Of(new Lgamma(), s.Positive(5, 3).Transpose(0, 1)), Sample.ForwardOnly(new Lgamma(), s.Values(Shape.Of(3), -0.5, -1.5, 12)), Sample.Of(new Lgamma(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("lgamma", x[0], y, new Kernel());

    // d log |Gamma(x)| = psi(x) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Digamma());

    // log |Gamma(x)| from log Gamma(x + 30) by Gamma(x + 1) = x Gamma(x), where Stirling's series needs three terms.
    private static double Stirling(double x)
    {
        double product = 0, z = x + 30;
        for (int k = 0; k < 30; k++) product += Math.Log(Math.Abs(x + k));
        return (z - 0.5) * Math.Log(z) - z + 0.5 * Math.Log(2 * Math.PI) + 1 / (12 * z) - 1 / (360 * z * z * z) + 1 / (1260 * Math.Pow(z, 5)) - product;
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.Lgamma(x);
    }
}
