using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Step function: 0 below 0, 1 above, and values where self is 0. Has no derivative.</summary>
[Op("heaviside(self, values)", InPlace = true)]
public sealed partial record Heaviside : ComputeOp, IOp<Heaviside>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, v) => a == 0 ? v : a > 0 ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new Heaviside(), s.Values(Shape.Of(4), -1, 0, 2, double.NaN), s.Any(4)),
        Sample.ForwardOnly(new Heaviside(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.ForwardOnly(new Heaviside(), s.Any(0, 3), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType == x[1].DType
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw new AutogradException(ErrorReason.DtypeUnsupported, "heaviside is not yet implemented for tensors with different dtypes.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.Equals(a, Vector<T>.Zero), b, Vector.ConditionalSelect(Vector.GreaterThan(a, Vector<T>.Zero), Vector<T>.One, Vector<T>.Zero));
    }
}
