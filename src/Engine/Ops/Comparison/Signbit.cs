using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether the sign of an element is minus; -0.0 has it.</summary>
[Op("signbit(self)")]
public sealed partial record Signbit : ComputeOp, IOp<Signbit>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => double.IsNegative(x) ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Signbit(), s.Values(Shape.Of(2, 3), 0, 1, -0.0, double.PositiveInfinity, double.NegativeInfinity, -2)), Sample.Of(new Signbit(), s.Strided(3, 5)), Sample.Of(new Signbit(), s.Any()), Sample.Of(new Signbit(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[0], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.IsNegative(a);
    }
}
