using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Difference the other way round, with a factor: other - alpha * self.</summary>
[Op("rsub(self, other~)")]
public sealed partial record Rsub(Scalar? Alpha = null) : ComputeOp, IOp<Rsub>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Rsub>((op, a, b) => b - (op.Alpha ?? 1.0).Real * a);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Rsub(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Rsub(3L), s.Any(3, 4), s.Any(4)),
        Sample.Of(new Rsub(), s.Strided(3, 5), s.Number(1L)),
        Sample.Of(new Rsub(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1] is { IsWrappedNumber: true } ? "RsubBackward1" : "RsubBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].DType == DType.Bool || x[1].DType == DType.Bool)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        if (Alpha is { IsFloat: true } && !x.CommonDType.IsFloatingPoint)
            throw AutogradException.Attribute("For integral input tensors, argument alpha must not be a floating point number.");
        return new(x.BroadcastShape(), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel(Alpha ?? 1L));

    // d(b - alpha a) = db - alpha da
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 1 ? grad : Alpha is { } alpha ? grad.Mul(alpha).Neg() : grad.Neg();

    private readonly struct Kernel(Scalar alpha) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => b - a * alpha.To<T>();
    }
}
