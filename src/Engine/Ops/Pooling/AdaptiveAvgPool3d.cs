namespace AutogradService.Engine.Ops;

/// <summary>The means of output_size windows over the last three dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_avg_pool3d(self, output_size)")]
public sealed partial record AdaptiveAvgPool3d(Dims OutputSize) : CompositeOp, IOp<AdaptiveAvgPool3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveAvgPool3d>((op, x) => AdaptiveAvgPool.Reference.Compute(new AdaptiveAvgPool(PoolGeometry.Expand(op.OutputSize, [], 3, "")), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveAvgPool3d([2]), s.Any(1, 3, 4, 3)), Sample.Of(new AdaptiveAvgPool3d([3]), s.Any(1, 1, 4, 3, 4)), Sample.Of(new AdaptiveAvgPool3d([1]), s.Any(1, 1, 4, 3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => AdaptiveAvgPool.Run(x[0], OutputSize, 3);
}
