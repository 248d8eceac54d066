namespace AutogradService.Engine.Ops;

/// <summary>The mean of every window over the last three dims; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.</summary>
[Op("avg_pool3d(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)")]
public sealed partial record AvgPool3d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, bool CeilMode = false, bool CountIncludePad = true, long? DivisorOverride = null) : CompositeOp, IOp<AvgPool3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AvgPool3d>((op, x) => SlidingPool.DefineAverage(x[0], 3, op.KernelSize, op.Stride, op.Padding, op.CeilMode, op.CountIncludePad, op.DivisorOverride));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new AvgPool3d([2]), s.Any(1, 3, 4, 3)), Sample.Of(new AvgPool3d([3], [2], [1], true, false), s.Any(1, 1, 4, 3, 4)), Sample.Of(new AvgPool3d([2], [1], [1], false, true, 3), s.Any(1, 1, 4, 3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => SlidingPool.Average(x[0], 3, KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride);
}
