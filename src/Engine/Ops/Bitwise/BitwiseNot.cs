using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Bitwise complement of integers; logical not of truth values.</summary>
[Op("bitwise_not(self)", InPlace = true)]
public sealed partial record BitwiseNot : ComputeOp, IOp<BitwiseNot>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => ~(long)x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new BitwiseNot(), s.Index(9, 3, 4)), Sample.Of(new BitwiseNot(), s.Integers(Shape.Of(3), -1, 0, 7)), Sample.Of(new BitwiseNot(), s.Index(9)), Sample.Of(new BitwiseNot(), s.Index(9, 0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => !x[0].DType.IsFloatingPoint
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.DTypeUnsupported("bitwise_not_cpu", x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.DType == DType.Bool) Elementwise.Map(x[0], y, new Not());
        else Elementwise.Map(x[0], y, new Complement());
    }

    private readonly struct Complement : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => ~x;
    }

    private readonly struct Not : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x ^ Vector<T>.One;
    }
}
