using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether an element is not a number.</summary>
[Op("isnan(self)")]
public sealed partial record Isnan : ComputeOp, IOp<Isnan>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => double.IsNaN(x) ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Isnan(), s.Values(Shape.Of(2, 3), 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2)), Sample.Of(new Isnan(), s.Strided(3, 5)), Sample.Of(new Isnan(), s.Any()), Sample.Of(new Isnan(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[0], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => ~Vector.Equals(a, a);
    }
}
