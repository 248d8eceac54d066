using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of tanh from its result: grad (1 - y^2).</summary>
[Op("tanh_backward(grad_output, output)", Hidden = true)]
public sealed partial record TanhBackward : ComputeOp, IOp<TanhBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((g, y) => g * (1 - y * y));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new TanhBackward(), s.Any(3, 4), s.Small(3, 4)), Sample.Of(new TanhBackward(), s.Any(4), s.Small(3, 4)), Sample.Of(new TanhBackward(), s.Any(), s.Small())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("tanh_backward", x[0], x[1], y, new Kernel());

    // d(g (1 - y^2)) = (1 - y^2) dg - 2 g y dy
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.TanhBackward(saved.Input(1)) : grad * saved.Input(0) * saved.Input(1) * -2;

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => grad * (Vector<T>.One - x * x);
    }
}
