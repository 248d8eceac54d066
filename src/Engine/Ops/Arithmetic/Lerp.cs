using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Linear interpolation: self + weight * (end - self).</summary>
[Op("lerp(self, end, weight~)", InPlace = true)]
public sealed partial record Lerp : ComputeOp, IOp<Lerp>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Lerp>((_, x) =>
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => x[0].Broadcast(i) + x[2].Broadcast(i) * (x[1].Broadcast(i) - x[0].Broadcast(i))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Lerp(), s.Any(3, 4), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Lerp(), s.Any(3, 4), s.Any(4), s.Number(0.3)),
        Sample.Of(new Lerp(), s.Strided(3, 5), s.Any(), s.Number(0.7)),
        Sample.Of(new Lerp(), s.Any(3, 1), s.Any(3, 4), s.Any()),
        Sample.Of(new Lerp(), s.Any(0, 3), s.Any(3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[2] is { IsWrappedNumber: true } ? "LerpBackward0" : "LerpBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(2) | (needs[2] ? Engine.Saves.FirstInputs(2) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType != x[0].DType) throw Mismatch("end", x[0], x[1]);
        if (!x[2].IsWrappedNumber && x[2].DType != x[0].DType) throw Mismatch("weight", x[0], x[2]);
        return x[0].DType.IsFloatingPoint
            ? new(x.BroadcastShape(), x[0].DType)
            : throw AutogradException.DTypeUnsupported(x[2].IsWrappedNumber ? "lerp_kernel_scalar" : "lerp_kernel_tensor", x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("lerp", x[0], x[1], x[2], y, new Kernel());

    // d(a + w (b - a)) = (1 - w) da + w db + (b - a) dw
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => grad * (1 - saved.Input(2)),
        1 => grad * saved.Input(2),
        _ => grad * (saved.Input(1) - saved.Input(0)),
    };

    private static AutogradException Mismatch(string name, Tensor self, Tensor other) =>
        new(ErrorReason.DtypeUnsupported, $"expected dtype {self.DType.CName} for `{name}` but got dtype {other.DType.CName}");

    private readonly struct Kernel : IFloatTernaryKernel
    {
        // From the nearer end, so that weights 0 and 1 give the ends exactly.
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b, Vector<T> w) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.LessThan(Vector.Abs(w), Vector.Create(T.CreateTruncating(0.5))), a + w * (b - a), b - (b - a) * (Vector<T>.One - w));
    }
}
