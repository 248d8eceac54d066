using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Leaky rectified linear unit: x where positive, else negative_slope * x.</summary>
[Op("leaky_relu(self, negative_slope)", InPlace = true)]
public sealed partial record LeakyRelu(double NegativeSlope = 0.01) : ComputeOp, IOp<LeakyRelu>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<LeakyRelu>((op, x) => x > 0 ? x : op.NegativeSlope * x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LeakyRelu(0.2), s.Any(3, 4)), Sample.Of(new LeakyRelu(0.2), s.Any()), Sample.Of(new LeakyRelu(0.2), s.Strided(3, 5)), Sample.Of(new LeakyRelu(0.2), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("leaky_relu_cpu", x[0], y, new Kernel(NegativeSlope));

    // Slope 1 where positive, else negative_slope, also at 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.LeakyReluBackward(saved.Input(0), NegativeSlope);

    private readonly struct Kernel(double slope) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * T.CreateTruncating(slope));
    }
}
