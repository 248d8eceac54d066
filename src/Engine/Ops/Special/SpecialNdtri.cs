using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse of the normal distribution function: the y with Phi(y) = x; infinite at 0 and 1.</summary>
[Op("special_ndtri(self)")]
public sealed partial record SpecialNdtri : ComputeOp, IOp<SpecialNdtri>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Sqrt(2) * ScalarMath.Erfinv(2 * x - 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialNdtri(), s.Probability(3, 4)), Sample.Of(new SpecialNdtri(), s.Probability()), Sample.Of(new SpecialNdtri(), s.Probability(5, 3).Transpose(0, 1)), Sample.Of(new SpecialNdtri(), s.Probability(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_ndtri", x[0], y, new Kernel());

    // y' = sqrt(2 pi) e^(y^2 / 2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        return grad.Mul(saved.Output().Square().Div(2L).Exp().Mul(Math.Sqrt(2 * Math.PI)));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.Ndtri(x);
    }
}
