using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether an element is zero: not x, where all but zero is true.</summary>
[Op("logical_not(self)", InPlace = true)]
public sealed partial record LogicalNot : ComputeOp, IOp<LogicalNot>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x == 0 ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LogicalNot(), s.Values(Shape.Of(2, 3), 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2)), Sample.Of(new LogicalNot(), s.Strided(3, 5)), Sample.Of(new LogicalNot(), s.Any()), Sample.Of(new LogicalNot(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[0], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Equals(a, Vector<T>.Zero);
    }
}
