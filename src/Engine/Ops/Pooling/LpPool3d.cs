namespace AutogradService.Engine.Ops;

/// <summary>The p-norm of every window over the last three dims: (sum of x^p)^(1/p), without absolute values; windows are stride (by default the kernel's size) apart.</summary>
[Op("lp_pool3d(input, norm_type, kernel_size, stride, ceil_mode)")]
public sealed partial record LpPool3d(double NormType, Dims KernelSize, Dims? Stride = null, bool CeilMode = false) : CompositeOp, IOp<LpPool3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LpPool3d>((op, x) =>
    {
        var powers = NdArray.Build(x[0].Shape, i => Math.Pow(x[0][i], op.NormType));
        var mean = SlidingPool.DefineAverage(powers, 3, op.KernelSize, op.Stride, null, op.CeilMode, true, null);
        double size = PoolGeometry.Expand(op.KernelSize, [], 3, "").Aggregate(1L, (a, b) => a * b);
        return NdArray.Build(mean.Shape, i => Math.Pow(mean[i] * size, 1 / op.NormType));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new LpPool3d(2, [2]), s.Positive(1, 3, 4, 3)), Sample.Of(new LpPool3d(3, [2], [1], true), s.Positive(1, 1, 4, 3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var kernel = PoolGeometry.Expand(KernelSize, [], 3, "lp_pool3d: kernel_size must either be a single int, or 3 ints");
        var mean = x[0].Pow(NormType).AvgPool3d(kernel, Stride, ceilMode: CeilMode);
        return mean.Sign().Mul(mean.Abs().Relu()).Mul(kernel.Aggregate(1L, (a, b) => a * b)).Pow(1 / NormType);
    }
}
