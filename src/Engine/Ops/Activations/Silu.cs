using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sigmoid linear unit: x sigmoid(x).</summary>
[Op("silu(self)", InPlace = true)]
public sealed partial record Silu : ComputeOp, IOp<Silu>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x / (1 + Math.Exp(-x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Silu(), s.Any(3, 4)), Sample.Of(new Silu(), s.Any()), Sample.Of(new Silu(), s.Strided(3, 5)), Sample.Of(new Silu(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("silu", x[0], y, new Kernel());

    // d(x s) = s (1 + x (1 - s)) dx, s = sigmoid(x)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.SiluBackward(saved.Input(0));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x * VectorMath.Sigmoid(x);
    }
}
