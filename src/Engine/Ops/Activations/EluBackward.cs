using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of elu: scale * grad where self is positive, else scale * alpha * input_scale * e^(input_scale x) * grad.</summary>
[Op("elu_backward(grad_output, self, alpha, scale, input_scale)", Hidden = true)]
public sealed partial record EluBackward(double Alpha, double Scale, double InputScale) : ComputeOp, IOp<EluBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<EluBackward>((op, g, x) => g * op.Scale * (x > 0 ? 1 : op.Alpha * op.InputScale * Math.Exp(op.InputScale * x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new EluBackward(1.5, 2, 0.5), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new EluBackward(1.5, 2, 0.5), s.Any(4), s.Any(3, 4)), Sample.Of(new EluBackward(1.5, 2, 0.5), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("elu_backward_cpu", x[0], x[1], y, new Kernel(Alpha * Scale * InputScale, Scale, InputScale));

    // Below 0 the slope is an exponential, whose derivative is input_scale times itself; above it is constant.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        return input == 0
            ? grad.EluBackward(x, Alpha, Scale, InputScale)
            : x.Gt(0).Where(0, (grad * saved.Input(0)).EluBackward(x, Alpha, Scale, InputScale) * InputScale);
    }

    private readonly struct Kernel(double below, double above, double inputScale) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero), grad * T.CreateTruncating(above), grad * VectorMath.Exp(x * T.CreateTruncating(inputScale)) * T.CreateTruncating(below));
    }
}
