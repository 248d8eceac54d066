namespace AutogradService.Engine.Ops;

/// <summary>Convolution of sequences (batch x channels x length) whose padding has a name: "valid" for none, "same" so that the output has the input's size.</summary>
[Op("conv1d.padding(input, weight, bias?, stride, padding, dilation, groups)")]
public sealed partial record Conv1dPadding(string Padding, Dims? Stride = null, Dims? Dilation = null, long Groups = 1) : CompositeOp, IOp<Conv1dPadding>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Conv1dPadding>((op, x) => ConvolutionCall.Define(x, 1, op.Stride, op.Padding, op.Dilation, op.Groups));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Conv1dPadding("same", null, null, 2), s.Any(2, 4, 5), s.Any(2, 2, 3), s.Any(2)),
        Sample.Of(new Conv1dPadding("valid", [2], null, 2), s.Any(4, 5), s.Any(2, 2, 3), null),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => ConvolutionCall.RunNamed("conv1d", 1, x, Stride, Padding, Dilation, Groups);
}
