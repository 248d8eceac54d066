namespace AutogradService.Engine.Ops;

/// <summary>Transposed convolution of images (batch x channels x height x width): the gradient of conv2d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.</summary>
[Op("conv_transpose2d(input, weight, bias?, stride, padding, output_padding, groups, dilation)")]
public sealed partial record ConvTranspose2d(Dims? Stride = null, Dims? Padding = null, Dims? OutputPadding = null, long Groups = 1, Dims? Dilation = null) : CompositeOp, IOp<ConvTranspose2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ConvTranspose2d>((op, x) =>
        ConvolutionCall.Define(x, 2, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], true, op.OutputPadding ?? [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ConvTranspose2d([2], null, [1], 2), s.Any(2, 4, 4, 3), s.Any(4, 2, 3, 2), s.Any(4)),
        Sample.Of(new ConvTranspose2d(null, null, null, 2), s.Any(4, 4, 3), s.Any(4, 2, 3, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunTransposed("conv_transpose2d", 2, x, Stride, Padding, OutputPadding, Groups, Dilation);
}
