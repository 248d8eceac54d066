namespace AutogradService.Engine.Ops;

/// <summary>As adaptive_max_pool2d, and the index of each maximum within its plane: adaptive_max_pool2d with return_indices.</summary>
[Op("adaptive_max_pool2d_with_indices(self, output_size) -> (output, indices)")]
public sealed partial record AdaptiveMaxPool2dWithIndices(Dims OutputSize) : CompositeMultiOp, IOp<AdaptiveMaxPool2dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<AdaptiveMaxPool2dWithIndices>((op, x) => AdaptiveMaxPool.Reference.Compute(new AdaptiveMaxPool(PoolGeometry.Expand(op.OutputSize, [], 2, "")), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool2dWithIndices([2]), s.Any(2, 4, 3)), Sample.Of(new AdaptiveMaxPool2dWithIndices([3]), s.Any(1, 2, 5, 4))] : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => AdaptiveMaxPool.Run(x[0], OutputSize, 2);
}
