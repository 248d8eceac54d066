namespace AutogradService.Engine.Ops;

/// <summary>Undoes max_pool1d as far as it can be undone: each maximum goes back to its index, everything else is zero.</summary>
[Op("max_unpool1d(input, indices!, kernel_size, stride, padding, output_size)")]
public sealed partial record MaxUnpool1d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? OutputSize = null) : CompositeOp, IOp<MaxUnpool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxUnpool1d>((op, x) =>
    {
        var kernel = PoolGeometry.Expand(op.KernelSize, [], 1, "");
        var size = op.OutputSize ?? MaxUnpool.Usual(x[0].Shape, kernel, PoolGeometry.Expand(op.Stride, kernel, 1, ""), PoolGeometry.Expand(op.Padding, [0], 1, ""));
        return SlidingPool.Flat(MaxUnpool.Reference.Compute(new MaxUnpool([1, size[0]]), [SlidingPool.Deep(x[0], 1), SlidingPool.Deep(x[1], 1)])[0], 1);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MaxUnpool1d([2]), s.Any(2, 2), s.Integers(Shape.Of(2, 2), 1, 2, 0, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => MaxUnpool.Run(x[0], x[1], 1, KernelSize, Stride, Padding, OutputSize);
}
