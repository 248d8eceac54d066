using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of smooth_l1_loss: (self - target) / beta, held to [-1, 1], times grad_output, divided by n for a mean.</summary>
[Op("smooth_l1_loss_backward(grad_output, self, target, reduction, beta)", Hidden = true)]
public sealed partial record SmoothL1LossBackward(string Reduction, double Beta) : PointwiseLossBackward(Reduction), IOp<SmoothL1LossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SmoothL1LossBackward>((op, x) => NdArray.Build(Shape.Broadcast(x[1].Shape, x[2].Shape), i =>
        x[0].Broadcast(i) * Element(x[1].Broadcast(i) - x[2].Broadcast(i), op.Beta) / (op.Reduction == "mean" ? Shape.Broadcast(x[1].Shape, x[2].Shape).Numel : 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new SmoothL1LossBackward("mean", 0.7), s.Any(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new SmoothL1LossBackward("none", 0.7), s.Any(3, 4), s.Strided(3, 4), s.Any(4))]
        : [];

    private protected override void Elements(Inputs x, Tensor y, double share) => Elementwise.MapFloat("smooth_l1_loss_backward", x[0], x[1], x[2], y, new Kernel(share, Beta));

    // 1 / beta inside, 0 beyond.
    private protected override Tensor SecondDerivative(Tensor grad, Tensor x, Tensor target) => Beta == 0 ? grad.Mul(0L) : grad.Mul(x.Sub(target).Abs().Lt(Beta)).Div(Beta);

    private static double Element(double d, double beta) => beta == 0 ? Math.Sign(d) : Math.Clamp(d / beta, -1, 1);

    private readonly struct Kernel(double share, double beta) : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Vector<T> d = a - b, limit = Vector.Create(T.CreateTruncating(beta)), slope = d / limit;
            slope = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(d, limit), Vector<T>.One, Vector.ConditionalSelect(Vector.LessThanOrEqual(d, -limit), -Vector<T>.One, slope));
            // With beta 0 the difference 0 is at both ends: its slope is 0.
            if (beta == 0) slope = Vector.ConditionalSelect(Vector.Equals(d, Vector<T>.Zero), Vector<T>.Zero, slope);
            return g * slope * Vector.Create(T.CreateTruncating(share));
        }
    }
}
