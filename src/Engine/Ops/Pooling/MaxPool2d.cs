namespace AutogradService.Engine.Ops;

/// <summary>The largest element of every window over the last two dims; windows are stride (by default the kernel's size) apart, NaN counts as largest. The gradient goes to the first largest.</summary>
[Op("max_pool2d(self, kernel_size, stride, padding, dilation, ceil_mode)")]
public sealed partial record MaxPool2d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? Dilation = null, bool CeilMode = false) : CompositeOp, IOp<MaxPool2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxPool2d>((op, x) => SlidingPool.DefineMax(x[0], 2, op.KernelSize, op.Stride, op.Padding, op.Dilation, op.CeilMode)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool
        ? []
        : [Sample.Of(new MaxPool2d([2]), s.Any(2, 4, 3)), Sample.Of(new MaxPool2d([3], [2], [1], null, true), s.Any(1, 2, 5, 4)), Sample.Of(new MaxPool2d([2], [1], [1], [2]), s.Any(1, 2, 5, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => SlidingPool.Max(x[0], 2, KernelSize, Stride, Padding, Dilation, CeilMode)[0];
}
