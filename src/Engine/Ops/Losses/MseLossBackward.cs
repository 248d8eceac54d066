using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of mse_loss: 2 (self - target) grad_output, divided by n for a mean.</summary>
[Op("mse_loss_backward(grad_output, self, target, reduction)", Hidden = true)]
public sealed partial record MseLossBackward(string Reduction) : PointwiseLossBackward(Reduction), IOp<MseLossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MseLossBackward>((op, x) => NdArray.Build(Shape.Broadcast(x[1].Shape, x[2].Shape), i =>
        x[0].Broadcast(i) * Element(x[1].Broadcast(i) - x[2].Broadcast(i)) / (op.Reduction == "mean" ? Shape.Broadcast(x[1].Shape, x[2].Shape).Numel : 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new MseLossBackward("mean"), s.Any(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new MseLossBackward("none"), s.Any(3, 4), s.Strided(3, 4), s.Any(4))]
        : [];

    private protected override void Elements(Inputs x, Tensor y, double share) => Elementwise.MapFloat("mse_loss_backward", x[0], x[1], x[2], y, new Kernel(share));

    // Constant.
    private protected override Tensor SecondDerivative(Tensor grad, Tensor x, Tensor target) => grad.Mul(2L);

    private static double Element(double d) => 2 * d;

    private readonly struct Kernel(double share) : IFloatTernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> g, Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            return g * (a - b) * Vector.Create(T.CreateTruncating(2 * share));
        }
    }
}
