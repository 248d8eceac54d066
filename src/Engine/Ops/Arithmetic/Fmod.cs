using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Remainder with the sign of self, as C has it: self - other trunc(self / other).</summary>
[Op("fmod(self~, other~)", InPlace = true)]
public sealed partial record Fmod : ComputeOp, IOp<Fmod>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a % b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Fmod(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Fmod(), s.Any(3, 4), s.Number(-3L)),
        Sample.Of(new Fmod(), s.Strided(3, 5), s.Positive(3, 1)),
        Sample.Of(new Fmod(), s.Any(0, 3), s.Positive()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1] is { IsWrappedNumber: true } ? "FmodBackward0" : "FmodBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[1] ? Engine.Saves.FirstInputs(2) : Engine.Saves.Nothing;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType != DType.Bool
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.DTypeUnsupported("fmod_cpu", DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Division.RefuseZero(x[1]);
        Elementwise.Map(x[0], x[1], y, new Division.Remainder());
    }

    // d(a - b trunc(a / b)) = da - trunc(a / b) db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad : -grad * saved.Input(0).Div(saved.Input(1), "trunc");
}
