using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse hyperbolic sine.</summary>
[Op("asinh(self)", InPlace = true)]
public sealed partial record Asinh : ComputeOp, IOp<Asinh>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.CopySign(Math.Log(Math.Abs(x) + Math.Sqrt(x * x + 1)), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Asinh(), s.Any(3, 4)), Sample.Of(new Asinh(), s.Any()), Sample.Of(new Asinh(), s.Strided(3, 5)), Sample.Of(new Asinh(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("asinh", x[0], y, new Kernel());

    // d asinh x = dx / sqrt(x^2 + 1)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Square().Add(1).Rsqrt());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => Math.Asinh(x);
    }
}
