using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Negative: -x.</summary>
[Op("neg(self)", InPlace = true)]
public sealed partial record Neg : ComputeOp, IOp<Neg>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => -x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Neg(), s.Any(3, 4)), Sample.Of(new Neg(), s.Any()), Sample.Of(new Neg(), s.Strided(3, 5)), Sample.Of(new Neg(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType != DType.Bool
        ? new(x[0].Shape, x[0].DType)
        : throw new AutogradException(ErrorReason.DtypeUnsupported, "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel());

    // -g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Neg();

    private readonly struct Kernel : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => -x;
    }
}
