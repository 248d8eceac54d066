namespace AutogradService.Engine.Ops;

/// <summary>Convolution of volumes (batch x channels x depth x height x width): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.</summary>
[Op("conv3d(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv3d(Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv3d>((op, x) =>
        ConvolutionCall.Define(x, 3, new Convolution(op.Stride ?? [1], op.Padding ?? [0], op.Dilation ?? [1], false, [0], op.Groups)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv3d([2], [1], null, 2), s.Any(1, 4, 3, 2, 3), s.Any(2, 2, 2, 1, 2), s.Any(2)),
        Sample.Of(new Conv3d(null, null, null, 2), s.Any(4, 3, 2, 3), s.Any(2, 2, 2, 1, 2), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.Run("conv3d", 3, x, Stride, Padding, Dilation, Groups);
}
