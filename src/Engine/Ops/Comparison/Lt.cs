using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether self is less than other, elementwise; false for NaN.</summary>
[Op("lt(self, other~)", InPlace = true)]
public sealed partial record Lt : ComputeOp, IOp<Lt>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a < b ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Lt(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Lt(), s.Values(Shape.Of(4), 1, 2, double.NaN, 0), s.Values(Shape.Of(4), 1, 1, double.NaN, 1)),
        Sample.Of(new Lt(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new Lt(), s.Any(3), s.Number(1L)),
        Sample.Of(new Lt(), s.Any(0, 3), s.Any()),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Compare(x[0], x[1], y, new Kernel());

    private readonly struct Kernel : ICompareKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.LessThan(a, b);
    }
}
