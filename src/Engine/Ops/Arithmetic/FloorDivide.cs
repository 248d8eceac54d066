using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Quotient rounded down: floor(self / other). Has no derivative; div with rounding_mode "floor" has zeros.</summary>
[Op("floor_divide(self~, other~)", InPlace = true)]
public sealed partial record FloorDivide : ComputeOp, IOp<FloorDivide>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Floor(a / b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new FloorDivide(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.ForwardOnly(new FloorDivide(), s.Any(2, 1), s.Number(2L)),
        Sample.ForwardOnly(new FloorDivide(), s.Strided(3, 5), s.Positive(3, 1)),
        Sample.ForwardOnly(new FloorDivide(), s.Any(0, 3), s.Positive()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType != DType.Bool
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.DTypeUnsupported("div_floor_cpu", DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Division.RefuseZero(x[1]);
        Elementwise.Map(x[0], x[1], y, new Division.FloorQuotient());
    }
}
