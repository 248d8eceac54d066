using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of hardshrink: 0 inside [-lambd, lambd], grad outside and at NaN.</summary>
[Op("hardshrink_backward(grad_output, self, lambd)", Hidden = true)]
public sealed partial record HardshrinkBackward(double Lambd) : ComputeOp, IOp<HardshrinkBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<HardshrinkBackward>((op, g, x) => Math.Abs(x) <= op.Lambd ? 0 : g);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new HardshrinkBackward(0.5), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new HardshrinkBackward(0.5), s.Any(4), s.Any(3, 4)), Sample.Of(new HardshrinkBackward(0.5), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hardshrink_backward_cpu", x[0], x[1], y, new Kernel(Lambd));

    // Linear in the gradient, constant between the steps in self.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.HardshrinkBackward(saved.Input(1), Lambd) : saved.Zeros(1);

    private readonly struct Kernel(double lambd) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => 
            Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(x), Vector.Create(T.CreateTruncating(lambd))), Vector<T>.Zero, grad);
    }
}
