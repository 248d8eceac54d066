using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of softplus: grad sigmoid(beta x), and grad itself where beta x exceeds the threshold.</summary>
[Op("softplus_backward(grad_output, self, beta, threshold)", Hidden = true)]
public sealed partial record SoftplusBackward(double Beta, double Threshold) : ComputeOp, IOp<SoftplusBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<SoftplusBackward>((op, g, x) => x * op.Beta > op.Threshold ? g : g / (1 + Math.Exp(-op.Beta * x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SoftplusBackward(2, 1), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new SoftplusBackward(2, 1), s.Any(4), s.Any(3, 4)), Sample.Of(new SoftplusBackward(2, 1), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("softplus_backward_cpu", x[0], x[1], y, new Kernel(Beta, Threshold));

    // d(g sigmoid(beta x)) = sigmoid(beta x) dg + g beta s (1 - s) dx below the threshold, constant in x above
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        if (input == 0) return grad.SoftplusBackward(x, Beta, Threshold);
        var scaled = x * Beta;
        return scaled.Gt(Threshold).Where(0, (grad * saved.Input(0)).SigmoidBackward(scaled.Sigmoid()) * Beta);
    }

    private readonly struct Kernel(double beta, double threshold) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var scaled = x * Vector.Create(T.CreateTruncating(beta));
            return Vector.ConditionalSelect(Vector.GreaterThan(scaled, Vector.Create(T.CreateTruncating(threshold))), grad, grad * VectorMath.Sigmoid(scaled));
        }
    }
}
