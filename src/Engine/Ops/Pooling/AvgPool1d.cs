namespace AutogradService.Engine.Ops;

/// <summary>The mean of every window over the last dim; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.</summary>
[Op("avg_pool1d(self, kernel_size, stride, padding, ceil_mode, count_include_pad)")]
public sealed partial record AvgPool1d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, bool CeilMode = false, bool CountIncludePad = true) : CompositeOp, IOp<AvgPool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AvgPool1d>((op, x) => SlidingPool.DefineAverage(x[0], 1, op.KernelSize, op.Stride, op.Padding, op.CeilMode, op.CountIncludePad, null));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new AvgPool1d([2]), s.Any(2, 5)), Sample.Of(new AvgPool1d([3], [2], [1], true, false), s.Any(2, 2, 6)), Sample.Of(new AvgPool1d([2], [1], [1], false, true), s.Any(2, 2, 6))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => SlidingPool.Average(x[0], 1, KernelSize, Stride, Padding, CeilMode, CountIncludePad, null);
}
