using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Soft margin loss: log(1 + e^(-target self)), for targets 1 and -1.</summary>
[Op("soft_margin_loss(self, target, reduction)")]
public sealed partial record SoftMarginLoss(string Reduction = "mean") : PointwiseLoss(Reduction), IOp<SoftMarginLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SoftMarginLoss>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => Math.Log(1 + Math.Exp(-x[0].Broadcast(i) * x[1].Broadcast(i)))), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new SoftMarginLoss(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new SoftMarginLoss("sum"), s.Any(3, 4), s.Any(4)),
        Sample.Of(new SoftMarginLoss("none"), s.Strided(3, 4), s.Any(3, 1)),
        Sample.Of(new SoftMarginLoss("none"), s.Any(), s.Any()),
        Sample.Of(new SoftMarginLoss("sum"), s.Any(0, 3), s.Any(0, 3)),
    ];

    private protected override void Elements(Inputs x, Tensor y) => Elementwise.MapFloat("soft_margin_loss", x[0], x[1], y, new Kernel());

    // d log(1 + e^(-t x)) = -t sigmoid(-t x) dx - x sigmoid(-t x) dt
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0), t = saved.Input(1), z = x.Mul(t).Neg();
        double share = LossReduction.Share(Reduction, Shape.Broadcast(x.Shape, t.Shape).Numel);
        var g = grad.Mul(z.Sigmoid()).Mul(input == 0 ? t : x).Neg();
        return share == 1 ? g : g.Mul(share);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> t) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Log1p(VectorMath.Exp(-x * t));
    }
}
