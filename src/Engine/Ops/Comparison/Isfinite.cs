using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether an element is neither infinite nor NaN.</summary>
[Op("isfinite(self)")]
public sealed partial record Isfinite : ComputeOp, IOp<Isfinite>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => double.IsFinite(x) ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Isfinite(), s.Values(Shape.Of(2, 3), 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2)), Sample.Of(new Isfinite(), s.Strided(3, 5)), Sample.Of(new Isfinite(), s.Any()), Sample.Of(new Isfinite(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[0], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        // x - x is NaN for infinities and for NaN, 0 for all else.
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Equals(a - a, Vector<T>.Zero);
    }
}
