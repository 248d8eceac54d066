using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product with a number that is no operand: self * other, as some composites record it.</summary>
[Op("mul.Scalar(self, other)", Hidden = true)]
public sealed partial record MulScalar(double Other) : ComputeOp, IOp<MulScalar>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<MulScalar>((op, x) => x * op.Other);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MulScalar(3), s.Any(3, 4)), Sample.Of(new MulScalar(0.5), s.Any())];

    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "MulBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("mul", x[0], y, new Kernel(Other));

    // d(c x) = c dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Workspace.Apply(this, grad);

    private readonly struct Kernel(double other) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x * Vector.Create(T.CreateTruncating(other));
    }
}
