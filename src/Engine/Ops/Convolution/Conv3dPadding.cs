namespace AutogradService.Engine.Ops;

/// <summary>Convolution of volumes (batch x channels x depth x height x width) whose padding has a name: "valid" for none, "same" so that the output has the input's size.</summary>
[Op("conv3d.padding(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv3dPadding(string Padding, Dims? Stride = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv3dPadding>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv3dPadding>((op, x) => ConvolutionCall.Define(x, 3, op.Stride, op.Padding, op.Dilation, op.Groups));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv3dPadding("same", null, null, 2), s.Any(1, 4, 3, 2, 3), s.Any(2, 2, 2, 1, 2), s.Any(2)),
        Sample.Of(new Conv3dPadding("valid", [2], null, 2), s.Any(4, 3, 2, 3), s.Any(2, 2, 2, 1, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunNamed("conv3d", 3, x, Stride, Padding, Dilation, Groups);
}
