using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The next floating-point number after self in the direction of other. Has no derivative.</summary>
[Op("nextafter(self, other)", InPlace = true)]
public sealed partial record Nextafter : ComputeOp, IOp<Nextafter>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a == b ? b : double.IsNaN(a) || double.IsNaN(b) ? double.NaN : a < b ? Math.BitIncrement(a) : Math.BitDecrement(a));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Nextafter(), s.Any(3, 4), s.Any(3, 4)), Sample.ForwardOnly(new Nextafter(), s.Strided(3, 5), s.Any(5)), Sample.ForwardOnly(new Nextafter(), s.Any(0, 3), s.Any(3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    // Listed among the differentiable, with words instead of a formula.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved) =>
        throw new AutogradException(ErrorReason.NotDifferentiable, "the derivative for 'nextafter' is not implemented.", TorchErrorType.NotImplementedError);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsFloatingPoint ? new(x.BroadcastShape(), x.CommonDType) : throw AutogradException.DTypeUnsupported("nextafter_cpu", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("nextafter", x[0], x[1], y, new Kernel());

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (a == b) return b;
            if (T.IsNaN(a)) return a;
            if (T.IsNaN(b)) return b;
            if (typeof(T) == typeof(float)) return T.CreateTruncating(a < b ? MathF.BitIncrement(float.CreateTruncating(a)) : MathF.BitDecrement(float.CreateTruncating(a)));
            return T.CreateTruncating(a < b ? Math.BitIncrement(double.CreateTruncating(a)) : Math.BitDecrement(double.CreateTruncating(a)));
        }
    }
}
