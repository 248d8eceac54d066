using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Remainder with the sign of other, as Python has it: self - other floor(self / other).</summary>
[Op("remainder(self~, other~)", InPlace = true)]
public sealed partial record Remainder : ComputeOp, IOp<Remainder>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a - b * Math.Floor(a / b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Remainder(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Remainder(), s.Any(3, 4), s.Number(-3L)),
        Sample.Of(new Remainder(), s.Strided(3, 5), s.Positive(3, 1)),
        Sample.Of(new Remainder(), s.Any(0, 3), s.Positive()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1] is { IsWrappedNumber: true } ? "RemainderBackward0" : "RemainderBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[1] ? Engine.Saves.FirstInputs(2) : Engine.Saves.Nothing;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].IsWrappedNumber && x[1].IsWrappedNumber) throw AutogradException.NumbersOnly("remainder", x[0], x[1]);
        return x.CommonDType != DType.Bool
            ? new(x.BroadcastShape(), x.CommonDType)
            : throw AutogradException.DTypeUnsupported("remainder_cpu", DType.Bool);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Division.RefuseZero(x[1]);
        Elementwise.Map(x[0], x[1], y, new Division.Modulo());
    }

    // d(a - b floor(a / b)) = da - floor(a / b) db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad : -grad * saved.Input(0).Div(saved.Input(1), "floor");
}
