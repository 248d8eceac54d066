namespace AutogradService.Engine.Ops;

/// <summary>The largest element of every window over the last dim; windows are stride (by default the kernel's size) apart, NaN counts as largest. The gradient goes to the first largest.</summary>
[Op("max_pool1d(self, kernel_size, stride, padding, dilation, ceil_mode)")]
public sealed partial record MaxPool1d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, bool CeilMode = false) : CompositeOp, IOp<MaxPool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxPool1d>((op, x) => SlidingPool.DefineMax(x[0], 1, op.KernelSize, op.Stride, op.Padding, op.Dilation, op.CeilMode)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool
        ? []
        : [Sample.Of(new MaxPool1d([2]), s.Any(2, 5)), Sample.Of(new MaxPool1d([3], [2], [1], null, true), s.Any(2, 2, 6)), Sample.Of(new MaxPool1d([2], [1], [1], [2]), s.Any(2, 2, 6))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => SlidingPool.Max(x[0], 1, KernelSize, Stride, Padding, Dilation, CeilMode)[0];
}
