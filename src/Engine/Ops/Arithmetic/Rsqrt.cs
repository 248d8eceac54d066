using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Reciprocal square root: 1 / sqrt(x).</summary>
[Op("rsqrt(self)", InPlace = true)]
public sealed partial record Rsqrt : ComputeOp, IOp<Rsqrt>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => 1 / Math.Sqrt(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Rsqrt(), s.Positive(3, 4)), Sample.Of(new Rsqrt(), s.Positive()), Sample.Of(new Rsqrt(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Rsqrt(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("rsqrt", x[0], y, new Kernel());

    // y = x^(-1/2): dy = -1/2 y^3 dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Output().Pow(3)).Mul(-0.5);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Rsqrt(x);
    }
}
