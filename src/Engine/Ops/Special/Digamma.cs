using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithmic derivative of the gamma function: psi(x).</summary>
[Op("digamma(self)", InPlace = true)]
public sealed partial record Digamma : ComputeOp, IOp<Digamma>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Digamma>((_, x) => NdArray.Build(x[0].Shape, i => Asymptotic(x[0][i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Digamma(), s.Positive(3, 4)), Sample.Of(new Digamma(), s.Positive()), Sample.Of(new Digamma(), s.Positive(5, 3).Transpose(0, 1)), Sample.ForwardOnly(new Digamma(), s.Values(Shape.Of(3), -0.5, -1.5, 12)), Sample.Of(new Digamma(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("digamma", x[0], y, new Kernel());

    // d psi(x) = psi'(x) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Workspace.Polygamma(1, saved.Input(0)));

    // psi(x) from psi(x + 30) by psi(x + 1) = psi(x) + 1/x, where the asymptotic series needs three terms.
    private static double Asymptotic(double x)
    {
        if (x < 0 && x == Math.Floor(x)) return double.NaN;
        double sum = 0, z = x + 30;
        for (int k = 0; k < 30; k++) sum += 1 / (x + k);
        return Math.Log(z) - 1 / (2 * z) - 1 / (12 * z * z) + 1 / (120 * Math.Pow(z, 4)) - 1 / (252 * Math.Pow(z, 6)) - sum;
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.Digamma(x);
    }
}
