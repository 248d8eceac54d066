namespace AutogradService.Engine.Ops;

/// <summary>The mean of every window over the last two dims; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.</summary>
[Op("avg_pool2d(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)")]
public sealed partial record AvgPool2d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, bool CeilMode = false, bool CountIncludePad = true, long? DivisorOverride = null) : CompositeOp, IOp<AvgPool2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AvgPool2d>((op, x) => SlidingPool.DefineAverage(x[0], 2, op.KernelSize, op.Stride, op.Padding, op.CeilMode, op.CountIncludePad, op.DivisorOverride));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new AvgPool2d([2]), s.Any(2, 4, 3)), Sample.Of(new AvgPool2d([3], [2], [1], true, false), s.Any(1, 2, 5, 4)), Sample.Of(new AvgPool2d([2], [1], [1], false, true, 3), s.Any(1, 2, 5, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => SlidingPool.Average(x[0], 2, KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride);
}
