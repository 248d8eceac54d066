using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Quotient: self / other, as it is or rounded to an integer ("floor" or "trunc").</summary>
[Op("div(self~, other~)", InPlace = true)]
public sealed partial record Div(string? RoundingMode = null) : ComputeOp, IOp<Div>
{
    /// <inheritdoc/>
    public override Promotion Promotion => RoundingMode is null ? Promotion.Float : Promotion.Common;

    private protected override bool AliasSafe => true;

    internal override double? Identity(int input) => input == 0 ? 1 : null;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Div>((op, a, b) => op.RoundingMode switch { null => a / b, "floor" => Math.Floor(a / b), _ => Math.Truncate(a / b) });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Div(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Div(), s.Any(2, 1, 3), s.Positive(4, 1)),
        Sample.Of(new Div(), s.Strided(3, 5), s.Number(3L)),
        Sample.Of(new Div(), s.Number(1L), s.Positive(2, 2)),
        Sample.Of(new Div("floor"), s.Any(3, 4), s.Positive(3, 1)),
        Sample.Of(new Div("trunc"), s.Any(3, 4), s.Positive(4)),
        Sample.Of(new Div("floor"), s.Any(5), s.Number(-3L)),
        Sample.Of(new Div(), s.Any(0, 3), s.Positive(3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => RoundingMode is null ? "DivBackward0" : "DivBackward2";

    /// <summary>A rounded quotient is constant between its steps and needs nothing.</summary>
    public override Saves Saves(NeedsGrad needs) =>
        RoundingMode is not null ? Engine.Saves.Nothing : needs[1] ? Engine.Saves.FirstInputs(2) : Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (RoundingMode is not (null or "floor" or "trunc"))
            throw AutogradException.Attribute($"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{RoundingMode}'");
        return x.CommonDType != DType.Bool
            ? new(x.BroadcastShape(), x.CommonDType)
            : throw AutogradException.DTypeUnsupported(RoundingMode == "floor" ? "div_floor_cpu" : "div_trunc_cpu", DType.Bool);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Division.RefuseZero(x[1]);
        if (RoundingMode is null) Elementwise.Map(x[0], x[1], y, new Quotient());
        else if (RoundingMode == "floor") Elementwise.Map(x[0], x[1], y, new Division.FloorQuotient());
        else Elementwise.Map(x[0], x[1], y, new Division.TruncatedQuotient());
    }

    // d(a / b) = da / b - (a / b) / b db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (RoundingMode is not null) return saved.Zeros(input);
        var b = saved.Input(1);
        return input == 0 ? grad / b : -grad * (saved.Input(0) / b / b);
    }

    private readonly struct Quotient : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a / b;
    }
}
