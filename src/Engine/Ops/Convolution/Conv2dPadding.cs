namespace AutogradService.Engine.Ops;

/// <summary>Convolution of images (batch x channels x height x width) whose padding has a name: "valid" for none, "same" so that the output has the input's size.</summary>
[Op("conv2d.padding(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv2dPadding(string Padding, Dims? Stride = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv2dPadding>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv2dPadding>((op, x) => ConvolutionCall.Define(x, 2, op.Stride, op.Padding, op.Dilation, op.Groups));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv2dPadding("same", null, null, 2), s.Any(2, 4, 4, 3), s.Any(2, 2, 3, 2), s.Any(2)),
        Sample.Of(new Conv2dPadding("valid", [2], null, 2), s.Any(4, 4, 3), s.Any(2, 2, 3, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunNamed("conv2d", 2, x, Stride, Padding, Dilation, Groups);
}
