using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
[Op("acosh(self)", InPlace = true)]
public sealed partial record Acosh : ComputeOp, IOp<Acosh>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Log(x + Math.Sqrt(x * x - 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Acosh(), s.Between(1.5, 4, 3, 4)), Sample.Of(new Acosh(), s.Between(1.5, 4)), Sample.Of(new Acosh(), s.Between(1.5, 4, 5, 3).Transpose(0, 1)), Sample.Of(new Acosh(), s.Between(1, 2, 0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("acosh", x[0], y, new Kernel());

    // d acosh x = dx / sqrt(x^2 - 1)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Square().Sub(1).Rsqrt());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => Math.Acosh(x);
    }
}
