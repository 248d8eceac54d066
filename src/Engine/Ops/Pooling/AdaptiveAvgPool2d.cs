namespace AutogradService.Engine.Ops;

/// <summary>The means of output_size windows over the last two dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_avg_pool2d(self, output_size)")]
public sealed partial record AdaptiveAvgPool2d(Dims OutputSize) : CompositeOp, IOp<AdaptiveAvgPool2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveAvgPool2d>((op, x) => AdaptiveAvgPool.Reference.Compute(new AdaptiveAvgPool(PoolGeometry.Expand(op.OutputSize, [], 2, "")), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveAvgPool2d([2]), s.Any(2, 4, 3)), Sample.Of(new AdaptiveAvgPool2d([3]), s.Any(1, 2, 5, 4)), Sample.Of(new AdaptiveAvgPool2d([1]), s.Any(1, 2, 5, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => AdaptiveAvgPool.Run(x[0], OutputSize, 2);
}
