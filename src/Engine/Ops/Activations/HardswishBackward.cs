using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of hardswish: 0 below -3, grad (x/3 + 1/2) up to 3, grad above.</summary>
[Op("hardswish_backward(grad_output, self)", Hidden = true)]
public sealed partial record HardswishBackward : ComputeOp, IOp<HardswishBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((g, x) => x < -3 ? 0 : x <= 3 ? g * (x / 3 + 0.5) : g);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new HardswishBackward(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new HardswishBackward(), s.Any(4), s.Any(3, 4)), Sample.Of(new HardswishBackward(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hardswish_backward_cpu", x[0], x[1], y, new Kernel());

    // Linear in the gradient; its own slope in x is 1/3 on the parabola, else 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        return input == 0 ? grad.HardswishBackward(x) : x.Gt(-3).LogicalAnd(x.Lt(3)).Where(grad * saved.Input(0) / 3, 0);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var parabola = grad * (x / Vector.Create(T.CreateTruncating(3.0)) + Vector.Create(T.CreateTruncating(0.5)));
            return Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(T.CreateTruncating(-3.0))), Vector<T>.Zero, Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector.Create(T.CreateTruncating(3.0))), parabola, grad));
        }
    }
}
