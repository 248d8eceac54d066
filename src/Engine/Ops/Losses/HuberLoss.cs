using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Huber loss: (self - target)^2 / 2 where |self - target| is below delta, delta (|self - target| - delta / 2) beyond.</summary>
[Op("huber_loss(self, target, reduction, delta)")]
public sealed partial record HuberLoss(string Reduction = "mean", double Delta = 1) : PointwiseLoss(Reduction), IOp<HuberLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<HuberLoss>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => Element(x[0].Broadcast(i) - x[1].Broadcast(i), op.Delta)), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new HuberLoss(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new HuberLoss("sum", 0.7), s.Any(3, 4), s.Any(4)),
        Sample.Of(new HuberLoss("none", 0.7), s.Strided(3, 4), s.Any(3, 1)),
        Sample.Of(new HuberLoss("none"), s.Any(), s.Any()),
        Sample.Of(new HuberLoss("sum"), s.Any(0, 3), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Delta > 0 ? base.Infer(x) : throw AutogradException.Attribute("huber_loss does not support non-positive values for delta.");

    private protected override void Elements(Inputs x, Tensor y) => Elementwise.MapFloat("huber_loss", x[0], x[1], y, new Kernel(Delta));

    // A parabola that goes on as its tangents.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var d = grad.HuberLossBackward(saved.Input(0), saved.Input(1), Reduction, Delta);
        return input == 0 ? d : d.Neg();
    }

    private static double Element(double d, double delta) => Math.Abs(d) <= delta ? d * d / 2 : delta * (Math.Abs(d) - delta / 2);

    private readonly struct Kernel(double delta) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Vector<T> z = Vector.Abs(a - b), limit = Vector.Create(T.CreateTruncating(delta)), half = Vector.Create(T.CreateTruncating(0.5));
            return Vector.ConditionalSelect(Vector.GreaterThan(z, limit), limit * (z - half * limit), half * z * z);
        }
    }
}
