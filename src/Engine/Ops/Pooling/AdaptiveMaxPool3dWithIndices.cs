namespace AutogradService.Engine.Ops;

/// <summary>As adaptive_max_pool3d, and the index of each maximum within its plane: adaptive_max_pool3d with return_indices.</summary>
[Op("adaptive_max_pool3d_with_indices(self, output_size) -> (output, indices)")]
public sealed partial record AdaptiveMaxPool3dWithIndices(Dims OutputSize) : CompositeMultiOp, IOp<AdaptiveMaxPool3dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<AdaptiveMaxPool3dWithIndices>((op, x) => AdaptiveMaxPool.Reference.Compute(new AdaptiveMaxPool(PoolGeometry.Expand(op.OutputSize, [], 3, "")), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool3dWithIndices([2]), s.Any(1, 3, 4, 3)), Sample.Of(new AdaptiveMaxPool3dWithIndices([3]), s.Any(1, 1, 4, 3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => AdaptiveMaxPool.Run(x[0], OutputSize, 3);
}
