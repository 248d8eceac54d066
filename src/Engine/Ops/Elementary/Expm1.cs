using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Exponential less one: e^x - 1, accurate near 0.</summary>
[Op("expm1(self)", InPlace = true)]
public sealed partial record Expm1 : ComputeOp, IOp<Expm1>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Exp(x) - 1);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Expm1(), s.Any(3, 4)), Sample.Of(new Expm1(), s.Any()), Sample.Of(new Expm1(), s.Strided(3, 5)), Sample.Of(new Expm1(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("expm1", x[0], y, new Kernel());

    // y = e^x - 1: dy = (y + 1) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Output().Add(1));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Expm1(x);
    }
}
