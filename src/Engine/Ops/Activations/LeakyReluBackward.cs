using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of leaky_relu: grad where self is positive, else negative_slope * grad.</summary>
[Op("leaky_relu_backward(grad_output, self, negative_slope)", Hidden = true)]
public sealed partial record LeakyReluBackward(double NegativeSlope) : ComputeOp, IOp<LeakyReluBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<LeakyReluBackward>((op, g, x) => x > 0 ? g : op.NegativeSlope * g);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LeakyReluBackward(0.2), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new LeakyReluBackward(0.2), s.Any(4), s.Any(3, 4)), Sample.Of(new LeakyReluBackward(0.2), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("leaky_relu_backward_cpu", x[0], x[1], y, new Kernel(NegativeSlope));

    // Linear in the gradient, constant between the steps in self.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.LeakyReluBackward(saved.Input(1), NegativeSlope) : saved.Zeros(1);

    private readonly struct Kernel(double slope) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => 
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), grad, grad * T.CreateTruncating(slope));
    }
}
