namespace AutogradService.Engine.Ops;

/// <summary>As adaptive_max_pool1d, and the index of each maximum within its plane: adaptive_max_pool1d with return_indices.</summary>
[Op("adaptive_max_pool1d_with_indices(self, output_size) -> (output, indices)")]
public sealed partial record AdaptiveMaxPool1dWithIndices(Dims OutputSize) : CompositeMultiOp, IOp<AdaptiveMaxPool1dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<AdaptiveMaxPool1dWithIndices>((op, x) => [.. AdaptiveMaxPool.Reference.Compute(new AdaptiveMaxPool([1, op.OutputSize[0]]), [SlidingPool.Deep(x[0], 1)]).Select(y => SlidingPool.Flat(y, 1))]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool1dWithIndices([2]), s.Any(2, 5)), Sample.Of(new AdaptiveMaxPool1dWithIndices([3]), s.Any(2, 2, 6))] : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        SlidingPool.RequireRank("adaptive_max_pool1d", x[0], 2, 3);
        long size = SlidingPool.One("adaptive_max_pool1d", "output_size", OutputSize);
        return [.. AdaptiveMaxPool.Run(x[0].Unsqueeze(-2), [1, size], 2).Select(t => t.Squeeze(-2))];
    }
}
