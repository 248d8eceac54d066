using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of sigmoid from its result: grad y (1 - y).</summary>
[Op("sigmoid_backward(grad_output, output)", Hidden = true)]
public sealed partial record SigmoidBackward : ComputeOp, IOp<SigmoidBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((g, y) => g * y * (1 - y));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SigmoidBackward(), s.Any(3, 4), s.Probability(3, 4)), Sample.Of(new SigmoidBackward(), s.Any(4), s.Probability(3, 4)), Sample.Of(new SigmoidBackward(), s.Any(), s.Probability())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("sigmoid_backward", x[0], x[1], y, new Kernel());

    // d(g y (1 - y)) = y (1 - y) dg + g (1 - 2 y) dy
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.SigmoidBackward(saved.Input(1)) : grad * saved.Input(0) * (1 - 2 * saved.Input(1));

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => grad * (Vector<T>.One - x) * x;
    }
}
