using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether an element is minus infinity.</summary>
[Op("isneginf(self)")]
public sealed partial record Isneginf : ComputeOp, IOp<Isneginf>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => double.IsNegativeInfinity(x) ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Isneginf(), s.Values(Shape.Of(2, 3), 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2)), Sample.Of(new Isneginf(), s.Strided(3, 5)), Sample.Of(new Isneginf(), s.Any()), Sample.Of(new Isneginf(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[0], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        // x - x is NaN for infinities and for NaN, which compares with nothing.
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.LessThan(a, Vector<T>.Zero) & ~Vector.Equals(a - a, Vector<T>.Zero);
    }
}
