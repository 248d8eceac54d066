using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Difference with a factor: self - alpha * other.</summary>
[Op("sub(self~, other~)", InPlace = true)]
public sealed partial record Sub(Scalar? Alpha = null) : ComputeOp, IOp<Sub>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    internal override double? Identity(int input) => input == 0 && Alpha is null ? 0 : null;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Sub>((op, a, b) => a - (op.Alpha ?? 1.0).Real * b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Sub(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Sub(3L), s.Any(3, 4), s.Any(4)),
        Sample.Of(new Sub(), s.Any(2, 1), s.Number(2L)),
        Sample.Of(new Sub(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].DType == DType.Bool && x[1].DType == DType.Bool)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.");
        if (x[0].DType == DType.Bool || x[1].DType == DType.Bool)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        if (Alpha is { IsFloat: true } && !x.CommonDType.IsFloatingPoint)
            throw AutogradException.Attribute("For integral input tensors, argument alpha must not be a floating point number.");
        return new(x.BroadcastShape(), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (Alpha is { } alpha && alpha.Real != 1) Elementwise.Map(x[0], x[1], y, new Scaled(alpha));
        else Elementwise.Map(x[0], x[1], y, new Plain());
    }

    // d(a - alpha b) = da - alpha db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad : Alpha is { } alpha && alpha.Real != 1 ? grad.Neg().Mul(alpha) : grad.Neg();

    private readonly struct Plain : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a - b;
    }

    private readonly struct Scaled(Scalar alpha) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a - b * alpha.To<T>();
    }
}
