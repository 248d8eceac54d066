namespace AutogradService.Engine.Ops;

/// <summary>Convolution of sequences (batch x channels x length): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.</summary>
[Op("conv1d(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv1d(Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv1d>((op, x) =>
        ConvolutionCall.Define(x, 1, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], false, [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv1d([2], [1], null, 2), s.Any(2, 4, 5), s.Any(2, 2, 3), s.Any(2)),
        Sample.Of(new Conv1d(null, null, null, 2), s.Any(4, 5), s.Any(2, 2, 3), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.Run("conv1d", 1, x, Stride, Padding, Dilation, Groups);
}
