namespace AutogradService.Engine.Ops;

/// <summary>Transposed convolution of volumes (batch x channels x depth x height x width): the gradient of conv3d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.</summary>
[Op("conv_transpose3d(input, weight, bias?, stride, padding, output_padding, groups, dilation)")]
public sealed partial record ConvTranspose3d(Dims? Stride = null, Dims? Padding = null, Dims? OutputPadding = null, long Groups = 1, Dims? Dilation = null) : CompositeOp, IOp<ConvTranspose3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ConvTranspose3d>((op, x) =>
        ConvolutionCall.Define(x, 3, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], true, op.OutputPadding ?? [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ConvTranspose3d([2], null, [1], 2), s.Any(1, 4, 3, 2, 3), s.Any(4, 2, 2, 1, 2), s.Any(4)),
        Sample.Of(new ConvTranspose3d(null, null, null, 2), s.Any(4, 3, 2, 3), s.Any(4, 2, 2, 1, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunTransposed("conv_transpose3d", 3, x, Stride, Padding, OutputPadding, Groups, Dilation);
}
