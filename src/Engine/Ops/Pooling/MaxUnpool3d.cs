namespace AutogradService.Engine.Ops;

/// <summary>Undoes max_pool3d as far as it can be undone: each maximum goes back to its index, everything else is zero.</summary>
[Op("max_unpool3d(input, indices!, kernel_size, stride, padding, output_size)")]
public sealed partial record MaxUnpool3d(Dims KernelSize, Dims? Stride = null, Dims? Padding = null, Dims? OutputSize = null) : CompositeOp, IOp<MaxUnpool3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxUnpool3d>((op, x) =>
    {
        var kernel = PoolGeometry.Expand(op.KernelSize, [], 3, "");
        var size = op.OutputSize ?? MaxUnpool.Usual(x[0].Shape, kernel, PoolGeometry.Expand(op.Stride, kernel, 3, ""), PoolGeometry.Expand(op.Padding, [0], 3, ""));
        return MaxUnpool.Reference.Compute(new MaxUnpool(size), x)[0];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MaxUnpool3d([2]), s.Any(1, 1, 2, 1), s.Integers(Shape.Of(1, 1, 2, 1), 15, 0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => MaxUnpool.Run(x[0], x[1], 3, KernelSize, Stride, Padding, OutputSize);
}
