namespace AutogradService.Engine.Ops;

/// <summary>As max_pool2d, and the index of each maximum within its plane: max_pool2d with return_indices.</summary>
[Op("max_pool2d_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode) -> (output, indices)")]
public sealed partial record MaxPool2dWithIndices(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, bool CeilMode = false) : CompositeMultiOp, IOp<MaxPool2dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MaxPool2dWithIndices>((op, x) => SlidingPool.DefineMax(x[0], 2, op.KernelSize, op.Stride, op.Padding, op.Dilation, op.CeilMode));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool ? [] : [Sample.Of(new MaxPool2dWithIndices([2]), s.Any(2, 4, 3)), Sample.Of(new MaxPool2dWithIndices([3], [2], [1], null, true), s.Any(1, 2, 5, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => SlidingPool.Max(x[0], 2, KernelSize, Stride, Padding, Dilation, CeilMode);
}
