using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Bitwise or of integers; logical or of truth values.</summary>
[Op("bitwise_or(self~, other~)", InPlace = true)]
public sealed partial record BitwiseOr : ComputeOp, IOp<BitwiseOr>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => (long)a | (long)b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new BitwiseOr(), s.Index(9, 3, 4), s.Index(9, 3, 1)),
        Sample.Of(new BitwiseOr(), s.Integers(Shape.Of(4), -1, 6, -8, 3), s.Number(5L)),
        Sample.Of(new BitwiseOr(), s.Mask(2, 3), s.Mask(3)),
        Sample.Of(new BitwiseOr(), s.Index(9, 0, 4), s.Index(9)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => !x.CommonDType.IsFloatingPoint
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.DTypeUnsupported("bitwise_or_cpu", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a | b;
    }
}
