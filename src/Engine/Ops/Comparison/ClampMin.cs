using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Limits elements from below: max(x, min).</summary>
[Op("clamp_min(self, min~)", InPlace = true)]
public sealed partial record ClampMin : ComputeOp, IOp<ClampMin>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Max(a, b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ClampMin(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new ClampMin(), s.Any(3, 4), s.Number(1L)),
        Sample.Of(new ClampMin(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new ClampMin(), s.Any(0, 3), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1] is { IsWrappedNumber: true } ? "ClampMinBackward0" : "ClampMinBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    // The gradient goes to whichever is the result: self where they are equal.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? saved.Input(0).Ge(saved.Input(1)).Where(grad, 0)
        : saved.Input(0).Lt(saved.Input(1)).Where(grad, 0);

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Max(a, b);
    }
}
