namespace AutogradService.Engine.Ops;

/// <summary>The means of output_size windows over the last dim, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_avg_pool1d(self, output_size)")]
public sealed partial record AdaptiveAvgPool1d(Dims OutputSize) : CompositeOp, IOp<AdaptiveAvgPool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveAvgPool1d>((op, x) => SlidingPool.Flat(AdaptiveAvgPool.Reference.Compute(new AdaptiveAvgPool([1, op.OutputSize[0]]), [SlidingPool.Deep(x[0], 1)])[0], 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveAvgPool1d([2]), s.Any(2, 5)), Sample.Of(new AdaptiveAvgPool1d([3]), s.Any(2, 2, 6)), Sample.Of(new AdaptiveAvgPool1d([1]), s.Any(2, 2, 6))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        SlidingPool.RequireRank("adaptive_avg_pool1d", x[0], 2, 3);
        long size = SlidingPool.One("adaptive_avg_pool1d", "output_size", OutputSize);
        return PoolGeometry.OneDim(x[0], t => AdaptiveAvgPool.Run(t, [1, size], 2));
    }
}
