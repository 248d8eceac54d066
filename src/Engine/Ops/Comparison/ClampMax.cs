using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Limits elements from above: min(x, max).</summary>
[Op("clamp_max(self, max~)", InPlace = true)]
public sealed partial record ClampMax : ComputeOp, IOp<ClampMax>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Min(a, b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ClampMax(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new ClampMax(), s.Any(3, 4), s.Number(1L)),
        Sample.Of(new ClampMax(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new ClampMax(), s.Any(0, 3), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1] is { IsWrappedNumber: true } ? "ClampMaxBackward0" : "ClampMaxBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    // The gradient goes to whichever is the result: self where they are equal.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? saved.Input(0).Le(saved.Input(1)).Where(grad, 0)
        : saved.Input(0).Gt(saved.Input(1)).Where(grad, 0);

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(a, b);
    }
}
