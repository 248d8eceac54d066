namespace AutogradService.Engine.Ops;

/// <summary>The largest elements of output_size windows over the last two dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_max_pool2d(self, output_size)")]
public sealed partial record AdaptiveMaxPool2d(Dims OutputSize) : CompositeOp, IOp<AdaptiveMaxPool2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveMaxPool2d>((op, x) => AdaptiveMaxPool2dWithIndices.Reference.Compute(new AdaptiveMaxPool2dWithIndices(op.OutputSize), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool2d([2]), s.Any(2, 4, 3)), Sample.Of(new AdaptiveMaxPool2d([3]), s.Any(1, 2, 5, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new AdaptiveMaxPool2dWithIndices(OutputSize), x[0])[0];
}
