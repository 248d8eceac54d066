using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Squared error: (self - target)^2.</summary>
[Op("mse_loss(self, target, reduction)")]
public sealed partial record MseLoss(string Reduction = "mean") : PointwiseLoss(Reduction), IOp<MseLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MseLoss>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => Element(x[0].Broadcast(i) - x[1].Broadcast(i))), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new MseLoss(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new MseLoss("sum"), s.Any(3, 4), s.Any(4)),
        Sample.Of(new MseLoss("none"), s.Strided(3, 4), s.Any(3, 1)),
        Sample.Of(new MseLoss("none"), s.Any(), s.Any()),
        Sample.Of(new MseLoss("sum"), s.Any(0, 3), s.Any(0, 3)),
    ];

    private protected override void Elements(Inputs x, Tensor y) => Elementwise.MapFloat("mse_loss", x[0], x[1], y, new Kernel());

    // d (x - t)^2 = 2 (x - t) (dx - dt)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var d = grad.MseLossBackward(saved.Input(0), saved.Input(1), Reduction);
        return input == 0 ? d : d.Neg();
    }

    private static double Element(double d) => d * d;

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var d = a - b;
            return d * d;
        }
    }
}
