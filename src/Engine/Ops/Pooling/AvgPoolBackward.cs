namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradient of every average, over the number that divided it, to the elements of its window.</summary>
[Op("avg_pool_backward(grad_output, self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)", Hidden = true)]
public sealed partial record AvgPoolBackward(Dims KernelSize, Dims Stride, Dims Padding, bool CeilMode, bool CountIncludePad, long? DivisorOverride) : ComputeOp, IOp<AvgPoolBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("an adjoint, of avg_pool: tested by the derivatives of avg_pool");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new AvgPoolBackward([3, 2], [2, 1], [1, 1], false, false, null), s.Any(1, 2, 4), s.Any(1, 4, 3)), Sample.Of(new AvgPoolBackward([2, 2, 2], [1, 2, 2], [0, 0, 0], true, true, 3), s.Any(1, 1, 2, 1), s.Any(1, 2, 3, 2))]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"AvgPool{KernelSize.Count}DBackwardBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Dims noDilation = KernelSize.Count == 2 ? [1, 1] : [1, 1, 1];
        PoolGeometry.Windows(y.Shape, x[0].Shape, KernelSize, Stride, Padding, noDilation).AverageBackward(y.Workspace.RawContiguous(x[0]), y, CountIncludePad, DivisorOverride ?? 0);
    }

    // it is linear: the average pooling of the gradient's gradient
    // Linear, the adjoint of avg_pool: its own adjoint is avg_pool; of self it knows the shape alone.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.AvgPool(KernelSize, Stride, Padding, CeilMode, CountIncludePad, DivisorOverride) : grad.ZerosLike();
}
