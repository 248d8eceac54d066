using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of a threshold: grad where self exceeds it or is NaN, else 0.</summary>
[Op("threshold_backward(grad_output, self, threshold)", Hidden = true)]
public sealed partial record ThresholdBackward(Scalar Threshold) : ComputeOp, IOp<ThresholdBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<ThresholdBackward>((op, g, x) => x <= op.Threshold.Real ? 0 : g);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ThresholdBackward(0L), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new ThresholdBackward(0L), s.Any(4), s.Any(3, 4)), Sample.Of(new ThresholdBackward(0L), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel(Threshold));

    // Linear in the gradient, constant between the steps in self.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.ThresholdBackward(saved.Input(1), Threshold) : saved.Zeros(1);

    private readonly struct Kernel(Scalar threshold) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector.Create(threshold.To<T>())), Vector<T>.Zero, grad);
    }
}
