using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of silu: grad s (1 + x (1 - s)), s = sigmoid(x).</summary>
[Op("silu_backward(grad_output, self)", Hidden = true)]
public sealed partial record SiluBackward : ComputeOp, IOp<SiluBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((g, x) => g / (1 + Math.Exp(-x)) * (1 + x * (1 - 1 / (1 + Math.Exp(-x)))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SiluBackward(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new SiluBackward(), s.Any(4), s.Any(3, 4)), Sample.Of(new SiluBackward(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("silu_backward", x[0], x[1], y, new Kernel());

    // f(x) = s (1 + x (1 - s)): f' = s (1 - s) (2 + x (1 - 2 s))
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        if (input == 0) return grad.SiluBackward(x);
        var s = x.Sigmoid();
        return grad * saved.Input(0) * (s * (1 - s) * (2 + x * (1 - 2 * s)));
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var s = VectorMath.Sigmoid(x);
            return grad * s * (Vector<T>.One + x * (Vector<T>.One - s));
        }
    }
}
