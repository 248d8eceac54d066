namespace AutogradService.Engine.Ops;

/// <summary>As max_pool1d, and the index of each maximum within its plane: max_pool1d with return_indices.</summary>
[Op("max_pool1d_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode) -> (output, indices)")]
public sealed partial record MaxPool1dWithIndices(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, bool CeilMode = false) : CompositeMultiOp, IOp<MaxPool1dWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MaxPool1dWithIndices>((op, x) => SlidingPool.DefineMax(x[0], 1, op.KernelSize, op.Stride, op.Padding, op.Dilation, op.CeilMode));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool ? [] : [Sample.Of(new MaxPool1dWithIndices([2]), s.Any(2, 5)), Sample.Of(new MaxPool1dWithIndices([3], [2], [1], null, true), s.Any(2, 2, 6))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => SlidingPool.Max(x[0], 1, KernelSize, Stride, Padding, Dilation, CeilMode);
}
