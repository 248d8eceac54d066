using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with a value, cast to its dtype, where the mask holds.</summary>
[Op("masked_fill(self, mask!, value~)", InPlace = true, Page = "torch.Tensor.masked_fill")]
public sealed partial record MaskedFill : ComputeOp, IOp<MaskedFill>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaskedFill>((_, x) =>
        NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => x[1].Broadcast(i) != 0 ? x[2].Broadcast(i) : x[0].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new MaskedFill(), s.Any(3, 4), s.Mask(3, 4), s.Number(2L)),
        Sample.Of(new MaskedFill(), s.Any(3, 4), s.Mask(4), s.Any()),
        Sample.Of(new MaskedFill(), s.Any(3, 1), s.Mask(2, 1, 4), s.Any()),
        Sample.Of(new MaskedFill(), s.Strided(3, 5), s.Mask(3, 1), s.Number(0L)),
        Sample.Of(new MaskedFill(), s.Any(0, 3), s.Mask(3), s.Number(1L)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[2] is { IsWrappedNumber: true } ? "MaskedFillBackward0" : "MaskedFillBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType != DType.Bool)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"masked_fill_ only supports boolean masks, but got mask with dtype {x[1].DType.TorchName}");
        if (x[2].Dim != 0)
            throw AutogradException.Shape($"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {x[2].Dim} dimension(s).");
        return new(Shape.Broadcast(x[0].Shape, x[1].Shape), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Masked.Select(x[1], y.Workspace.RawCast(x[2], y.DType), x[0], y);
    }

    // What was overwritten gets zero; the value gets the sum of the rest.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.MaskedFill(saved.Input(1), 0) : saved.Input(1).Where(grad, 0);
}
