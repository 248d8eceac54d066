using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Error function: 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.</summary>
[Op("erf(self)", InPlace = true)]
public sealed partial record Erf : ComputeOp, IOp<Erf>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(ScalarMath.Erf);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Erf(), s.Any(3, 4)), Sample.Of(new Erf(), s.Any()), Sample.Of(new Erf(), s.Strided(3, 5)), Sample.Of(new Erf(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("erf", x[0], y, new Kernel());

    // d erf x = 2/sqrt(pi) e^(-x^2) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Square().Neg().Exp().Mul(2 / Math.Sqrt(Math.PI)));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Erf(x);
    }
}
