using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Chooses elementwise: self where the condition holds, else other.</summary>
[Op("where(condition!, self~, other~)")]
public sealed partial record Where : ComputeOp, IOp<Where>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Where>((_, x) =>
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => x[0].Broadcast(i) != 0 ? x[1].Broadcast(i) : x[2].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Where(), s.Mask(3, 4), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Where(), s.Mask(3, 1), s.Any(4), s.Any()),
        Sample.Of(new Where(), s.Mask(3, 5), s.Strided(3, 5), s.Number(2L)),
        Sample.Of(new Where(), s.Mask(), s.Number(1L), s.Any(2, 2)),
        Sample.Of(new Where(), s.Mask(0, 3), s.Any(3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType is DType.Bool or DType.UInt8
        ? new(x.BroadcastShape(), DTypes.ResultType([x[1], x[2]]))
        : throw new AutogradException(ErrorReason.DtypeUnsupported, $"where expected condition to be a boolean tensor, but got a tensor with dtype {x[0].DType.TorchName}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Masked.Select(x[0], y.Workspace.RawCast(x[1], y.DType), y.Workspace.RawCast(x[2], y.DType), y);
    }

    // Zeros stand where the other was chosen: not products, which would let NaN through.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 1 ? saved.Input(0).Where(grad, 0) : saved.Input(0).Where(0, grad);
}
