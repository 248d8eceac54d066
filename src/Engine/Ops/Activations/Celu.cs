using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Continuously differentiable exponential linear unit: x where positive, else alpha (e^(x / alpha) - 1).</summary>
[Op("celu(self, alpha)", InPlace = true)]
public sealed partial record Celu(double Alpha = 1) : ComputeOp, IOp<Celu>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Celu>((op, x) => x > 0 ? x : op.Alpha * (Math.Exp(x / op.Alpha) - 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Celu(1.5), s.Any(3, 4)), Sample.Of(new Celu(1.5), s.Any()), Sample.Of(new Celu(1.5), s.Strided(3, 5)), Sample.Of(new Celu(1.5), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("celu_cpu", x[0], y, new Kernel(Alpha));

    // Slope 1 where positive, else e^(x / alpha).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.EluBackward(saved.Input(0), Alpha, 1, 1 / Alpha);

    private readonly struct Kernel(double alpha) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, VectorMath.Expm1(x * T.CreateTruncating(1 / alpha)) * T.CreateTruncating(alpha));
    }
}
