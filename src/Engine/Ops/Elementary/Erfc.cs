using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Complementary error function: 1 - erf(x), accurate where it is tiny.</summary>
[Op("erfc(self)", InPlace = true)]
public sealed partial record Erfc : ComputeOp, IOp<Erfc>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(ScalarMath.Erfc);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Erfc(), s.Any(3, 4)), Sample.Of(new Erfc(), s.Any()), Sample.Of(new Erfc(), s.Strided(3, 5)), Sample.Of(new Erfc(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("erfc", x[0], y, new Kernel());

    // d erfc x = -2/sqrt(pi) e^(-x^2) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Square().Neg().Exp().Mul(-2 / Math.Sqrt(Math.PI)));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Erfc(x);
    }
}
