using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of huber_loss: the difference, held to [-delta, delta], times grad_output, divided by n for a mean.</summary>
[Op("huber_loss_backward(grad_output, self, target, reduction, delta)", Hidden = true)]
public sealed partial record HuberLossBackward(string Reduction, double Delta) : PointwiseLossBackward(Reduction), IOp<HuberLossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<HuberLossBackward>((op, x) => NdArray.Build(Shape.Broadcast(x[1].Shape, x[2].Shape), i =>
        x[0].Broadcast(i) * Element(x[1].Broadcast(i) - x[2].Broadcast(i), op.Delta) / (op.Reduction == "mean" ? Shape.Broadcast(x[1].Shape, x[2].Shape).Numel : 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new HuberLossBackward("mean", 0.7), s.Any(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new HuberLossBackward("none", 0.7), s.Any(3, 4), s.Strided(3, 4), s.Any(4))]
        : [];

    private protected override void Elements(Inputs x, Tensor y, double share) => Elementwise.MapFloat("huber_loss_backward", x[0], x[1], x[2], y, new Kernel(share, Delta));

    // 1 inside, 0 beyond.
    private protected override Tensor SecondDerivative(Tensor grad, Tensor x, Tensor target) => grad.Mul(x.Sub(target).Abs().Lt(Delta));

    private static double Element(double d, double delta) => Math.Clamp(d, -delta, delta);

    private readonly struct Kernel(double share, double delta) : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Vector<T> d = a - b, limit = Vector.Create(T.CreateTruncating(delta));
            d = Vector.ConditionalSelect(Vector.GreaterThan(d, limit), limit, Vector.ConditionalSelect(Vector.LessThan(d, -limit), -limit, d));
            return g * d * Vector.Create(T.CreateTruncating(share));
        }
    }
}
