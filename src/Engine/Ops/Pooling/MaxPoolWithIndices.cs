namespace AutogradService.Engine.Ops;

/// <summary>What max pooling over two or three dims records: the largest element of every window, and its index in the plane; the first of equals, and NaN above all.</summary>
[Op("max_pool_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode) -> (output, indices)", Hidden = true)]
public sealed partial record MaxPoolWithIndices(Dims KernelSize, Dims Stride, Dims Padding, Dims Dilation, bool CeilMode = false) : MultiOp, IOp<MaxPoolWithIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MaxPoolWithIndices>((op, x) => op.Define(x[0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.DType == DType.Bool
        ? []
        :
        [
            Sample.Of(new MaxPoolWithIndices([2, 2], [2, 2], [0, 0], [1, 1]), s.Any(2, 2, 5, 4)),
            Sample.Of(new MaxPoolWithIndices([3, 2], [2, 1], [1, 1], [1, 2], true), s.Any(2, 4, 5)),
            Sample.Of(new MaxPoolWithIndices([2, 3, 2], [2, 2, 1], [1, 0, 1], [1, 1, 2], true), s.Any(1, 2, 3, 4, 3)),
            Sample.Of(new MaxPoolWithIndices([2, 2], [2, 2], [0, 0], [1, 1]), s.Any(0, 2, 3, 3)),
        ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"MaxPool{KernelSize.Count}DWithIndicesBackward0";

    /// <summary>PyTorch keeps the input too, although only its shape is needed: so does the second derivative know it, as zero.</summary>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        var shape = PoolGeometry.Pooled(x[0].Shape, KernelSize, Stride, Padding, Dilation, CeilMode, false);
        if (x[0].DType == DType.Bool) throw AutogradException.DTypeUnsupported($"max_pool{KernelSize.Count}d", x[0].DType);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y) =>
        PoolGeometry.Windows(x[0].Shape, y[0].Shape, KernelSize, Stride, Padding, Dilation).Max(x[0].Workspace.RawContiguous(x[0]), y[0], y[1]);

    // y = x[i]: the gradient goes to i.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => grads[0]?.MaxPoolBackward(saved.Input(0), saved.Output(1), KernelSize.Count);

    private NdArray[] Define(NdArray x)
    {
        var shape = PoolGeometry.Pooled(x.Shape, KernelSize, Stride, Padding, Dilation, CeilMode, false);
        var windows = PoolGeometry.SlidingOver(x.Shape, KernelSize, Stride, Padding, Dilation);
        return
        [
            PoolGeometry.Define(x, shape, KernelSize.Count, windows, (met, _) => PoolGeometry.Largest(met).Value),
            PoolGeometry.Define(x, shape, KernelSize.Count, windows, (met, _) => PoolGeometry.Largest(met).Index),
        ];
    }
}
