using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Quotient by a number that is no operand: self / other, as composite losses record it.</summary>
[Op("div.Scalar(self, other)", Hidden = true)]
public sealed partial record DivScalar(double Other) : ComputeOp, IOp<DivScalar>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<DivScalar>((op, x) => x / op.Other);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new DivScalar(3), s.Any(3, 4)), Sample.Of(new DivScalar(0.5), s.Any())];

    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "DivBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("div", x[0], y, new Kernel(Other));

    // d(x / c) = dx / c
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Workspace.Apply(this, grad);

    private readonly struct Kernel(double other) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x / Vector.Create(T.CreateTruncating(other));
    }
}
