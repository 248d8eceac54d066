namespace AutogradService.Engine.Ops;

/// <summary>What average pooling over two or three dims records: the mean of every window; padding counts as zeros if count_include_pad says so, and divisor_override replaces the number of elements.</summary>
[Op("avg_pool(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)", Hidden = true)]
public sealed partial record AvgPool(Dims KernelSize, Dims Stride, Dims Padding, bool CeilMode = false, bool CountIncludePad = true, long? DivisorOverride = null) : ComputeOp, IOp<AvgPool>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AvgPool>((op, x) => PoolGeometry.Define(
        x[0], op.Pooled(x[0].Shape), op.KernelSize.Count, PoolGeometry.SlidingOver(x[0].Shape, op.KernelSize, op.Stride, op.Padding, op.NoDilation), (met, places) =>
        {
            double mean = met.Sum(m => m.Value) / (op.DivisorOverride ?? (op.CountIncludePad ? places : met.Count));
            return x[0].Values.All(double.IsInteger) ? Math.Truncate(mean) : mean;
        }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new AvgPool([2, 2], [2, 2], [0, 0]), s.Any(2, 2, 5, 4)),
        Sample.Of(new AvgPool([3, 2], [2, 1], [1, 1], true), s.Any(2, 4, 4)),
        Sample.Of(new AvgPool([3, 2], [2, 1], [1, 1], false, false), s.Any(2, 4, 4)),
        Sample.Of(new AvgPool([2, 3, 2], [2, 2, 1], [1, 0, 1], true, true, 5), s.Any(1, 2, 3, 4, 3)),
        Sample.Of(new AvgPool([2, 2, 2], [3, 2, 1], [0, 1, 0], true, false), s.Any(2, 3, 4, 3)),
        Sample.Of(new AvgPool([2, 2], [2, 2], [0, 0]), s.Any(0, 2, 3, 3)),
    ];

    private Dims NoDilation => KernelSize.Count == 2 ? [1, 1] : [1, 1, 1];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"AvgPool{KernelSize.Count}DBackward0";

    /// <summary>PyTorch keeps the input too, although only its shape is needed: so does the second derivative know it, as zero.</summary>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (DivisorOverride == 0) throw AutogradException.Attribute("divisor must be not zero");
        var shape = Pooled(x[0].Shape);
        if (!x[0].DType.IsFloatingPoint && x[0].DType != DType.Int64) throw AutogradException.DTypeUnsupported(KernelSize.Count == 2 ? "avg_pool2d" : "avg_pool3d_out_frame", x[0].DType);
        return new(shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        PoolGeometry.Windows(x[0].Shape, y.Shape, KernelSize, Stride, Padding, NoDilation).Average(y.Workspace.RawContiguous(x[0]), y, CountIncludePad, DivisorOverride ?? 0);
    }

    // Every element of a window gets the window's gradient over its divisor.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.AvgPoolBackward(saved.Input(0), KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride);

    private Shape Pooled(Shape input) => PoolGeometry.Pooled(input, KernelSize, Stride, Padding, NoDilation, CeilMode, true);
}
