using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Smooth L1 loss: (self - target)^2 / (2 beta) where |self - target| is below beta, |self - target| - beta / 2 beyond. What smooth_l1_loss records.</summary>
[Op("_smooth_l1(self, target, reduction, beta)", Hidden = true)]
public sealed partial record SmoothL1(string Reduction = "mean", double Beta = 1) : PointwiseLoss(Reduction), IOp<SmoothL1>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SmoothL1>((op, x) =>
        LossReduction.Define(NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => Element(x[0].Broadcast(i) - x[1].Broadcast(i), op.Beta)), op.Reduction));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new SmoothL1(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new SmoothL1("sum", 0.7), s.Any(3, 4), s.Any(4)),
        Sample.Of(new SmoothL1("none", 0.7), s.Strided(3, 4), s.Any(3, 1)),
        Sample.Of(new SmoothL1("none"), s.Any(), s.Any()),
        Sample.Of(new SmoothL1("sum"), s.Any(0, 3), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SmoothL1LossBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Beta >= 0 ? base.Infer(x) : throw AutogradException.Attribute("smooth_l1_loss does not support negative values for beta.");

    private protected override void Elements(Inputs x, Tensor y) => Elementwise.MapFloat("smooth_l1_loss", x[0], x[1], y, new Kernel(Beta));

    // A parabola that goes on as its tangents of slope 1.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var d = grad.SmoothL1LossBackward(saved.Input(0), saved.Input(1), Reduction, Beta);
        return input == 0 ? d : d.Neg();
    }

    private static double Element(double d, double beta) => Math.Abs(d) < beta ? d * d / (2 * beta) : Math.Abs(d) - beta / 2;

    private readonly struct Kernel(double beta) : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Vector<T> z = Vector.Abs(a - b), limit = Vector.Create(T.CreateTruncating(beta)), half = Vector.Create(T.CreateTruncating(0.5));
            return Vector.ConditionalSelect(Vector.LessThan(z, limit), half * z * z / limit, z - half * limit);
        }
    }
}
