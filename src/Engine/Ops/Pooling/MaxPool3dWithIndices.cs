namespace AutogradService.Engine.Ops;

/// <summary>As max_pool3d, and the index of each maximum within its plane: max_pool3d with return_indices.</summary>
[Op("max_pool3d_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode) -> (output, indices)")]
public sealed partial record MaxPool3dWithIndices(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, bool CeilMode = false) : CompositeMultiOp, IOp<MaxPool3dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MaxPool3dWithIndices>((op, x) => SlidingPool.DefineMax(x[0], 3, op.KernelSize, op.Stride, op.Padding, op.Dilation, op.CeilMode));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool ? [] : [Sample.Of(new MaxPool3dWithIndices([2]), s.Any(1, 3, 4, 3)), Sample.Of(new MaxPool3dWithIndices([3], [2], [1], null, true), s.Any(1, 1, 4, 3, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => SlidingPool.Max(x[0], 3, KernelSize, Stride, Padding, Dilation, CeilMode);
}
