namespace AutogradService.Engine.Ops;

/// <summary>Transposed convolution of sequences (batch x channels x length): the gradient of conv1d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.</summary>
[Op("conv_transpose1d(input, weight, bias?, stride, padding, output_padding, groups, dilation)")]
public sealed partial record ConvTranspose1d(Dims? Stride = null, Dims? Padding = null, Dims? OutputPadding = null, long Groups = 1, Dims? Dilation = null) : CompositeOp, IOp<ConvTranspose1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ConvTranspose1d>((op, x) =>
        ConvolutionCall.Define(x, 1, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], true, op.OutputPadding ?? [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ConvTranspose1d([2], null, [1], 2), s.Any(2, 4, 5), s.Any(4, 2, 3), s.Any(4)),
        Sample.Of(new ConvTranspose1d(null, null, null, 2), s.Any(4, 5), s.Any(4, 2, 3), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunTransposed("conv_transpose1d", 1, x, Stride, Padding, OutputPadding, Groups, Dilation);
}
