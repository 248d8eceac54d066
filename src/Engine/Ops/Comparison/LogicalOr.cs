using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether either element is true, where all but zero is true.</summary>
[Op("logical_or(self, other)", InPlace = true)]
public sealed partial record LogicalOr : ComputeOp, IOp<LogicalOr>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a != 0 || b != 0 ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LogicalOr(), s.Values(Shape.Of(2, 3), 0, 1, -2, 0, 3, 0), s.Values(Shape.Of(2, 3), 1, 0, 3, 0, double.NaN, 0)),
        Sample.Of(new LogicalOr(), s.Mask(3, 5), s.Any(3, 1)),
        Sample.Of(new LogicalOr(), s.Strided(3, 5), s.Mask()),
        Sample.Of(new LogicalOr(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[1], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => ~(Vector.Equals(a, Vector<T>.Zero) & Vector.Equals(b, Vector<T>.Zero));
    }
}
