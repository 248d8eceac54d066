namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradient of every adaptive average, over its window's size, to the elements of the window.</summary>
[Op("_adaptive_avg_pool_backward(grad_output, self, output_size)", Hidden = true)]
public sealed partial record AdaptiveAvgPoolBackward(Dims OutputSize) : ComputeOp, IOp<AdaptiveAvgPoolBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("an adjoint, of _adaptive_avg_pool: tested by the derivatives of _adaptive_avg_pool");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveAvgPoolBackward([2, 3]), s.Any(2, 2, 3), s.Any(2, 5, 4))] : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"AdaptiveAvgPool{OutputSize.Count}DBackwardBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (x[0].Numel == 0) Kernels.Fill.All(y, 0L);
        PoolGeometry.Adaptive(y.Shape, OutputSize).AverageBackward(y.Workspace.RawContiguous(x[0]), y, false, 0);
    }

    // it is linear: the pooling of the gradient's gradient
    // Linear, the adjoint of adaptive pooling: its own adjoint is that; of self it knows the shape alone.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.AdaptiveAvgPool(OutputSize) : grad.ZerosLike();
}
