using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x).</summary>
[Op("tanh(self)", InPlace = true)]
public sealed partial record Tanh : ComputeOp, IOp<Tanh>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Tanh);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Tanh(), s.Any(3, 4)), Sample.Of(new Tanh(), s.Any()), Sample.Of(new Tanh(), s.Strided(3, 5)), Sample.Of(new Tanh(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("tanh", x[0], y, new Kernel());

    // d tanh x = (1 - tanh(x)^2) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.TanhBackward(saved.Output());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Tanh(x);
    }
}
