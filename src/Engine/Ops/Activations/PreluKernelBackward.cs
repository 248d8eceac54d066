using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of prelu in self: grad where self is positive, else weight * grad.</summary>
[Op("_prelu_kernel_backward(grad_output, self, weight)", Hidden = true)]
public sealed partial record PreluKernelBackward : ComputeOp, IOp<PreluKernelBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PreluKernelBackward>((_, x) =>
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => x[1].Broadcast(i) > 0 ? x[0].Broadcast(i) : x[0].Broadcast(i) * x[2].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new PreluKernelBackward(), s.Any(3, 4), s.Any(3, 4), s.Any(1, 4)), Sample.Of(new PreluKernelBackward(), s.Any(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | Engine.Saves.Input(2) | (needs[2] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("prelu_backward_cpu", x[0], x[1], x[2], y, new Kernel());

    // Linear in the gradient and in the weight, constant between the steps in self.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => grad.PreluKernelBackward(saved.Input(1), saved.Input(2)),
        1 => saved.Zeros(1),
        _ => saved.Input(1).Gt(0).Where(0, grad * saved.Input(0)),
    };

    private readonly struct Kernel : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x, Vector<T> weight) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), grad, grad * weight);
    }
}
