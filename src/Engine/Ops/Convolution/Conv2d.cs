namespace AutogradService.Engine.Ops;

/// <summary>Convolution of images (batch x channels x height x width): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.</summary>
[Op("conv2d(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv2d(Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv2d>((op, x) =>
        ConvolutionCall.Define(x, 2, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], false, [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv2d([2], [1], null, 2), s.Any(2, 4, 4, 3), s.Any(2, 2, 3, 2), s.Any(2)),
        Sample.Of(new Conv2d(null, null, null, 2), s.Any(4, 4, 3), s.Any(2, 2, 3, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.Run("conv2d", 2, x, Stride, Padding, Dilation, Groups);
}
