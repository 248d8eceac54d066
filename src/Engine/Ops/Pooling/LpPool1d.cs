namespace AutogradService.Engine.Ops;

/// <summary>The p-norm of every window over the last dim: (sum of x^p)^(1/p), without absolute values; windows are stride (by default the kernel's size) apart.</summary>
[Op("lp_pool1d(input, norm_type, kernel_size, stride, ceil_mode)")]
public sealed partial record LpPool1d(double NormType, Dims KernelSize, Dims? Stride = null, bool CeilMode = false) : CompositeOp, IOp<LpPool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LpPool1d>((op, x) =>
    {
        var powers = NdArray.Build(x[0].Shape, i => Math.Pow(x[0][i], op.NormType));
        var mean = SlidingPool.DefineAverage(powers, 1, op.KernelSize, op.Stride, null, op.CeilMode, true, null);
        double size = PoolGeometry.Expand(op.KernelSize, [], 1, "").Aggregate(1L, (a, b) => a * b);
        return NdArray.Build(mean.Shape, i => Math.Pow(mean[i] * size, 1 / op.NormType));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new LpPool1d(2, [2]), s.Positive(2, 5)), Sample.Of(new LpPool1d(3, [2], [1], true), s.Positive(2, 2, 6))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var kernel = PoolGeometry.Expand(KernelSize, [], 1, "lp_pool1d: kernel_size must either be a single int, or 1 ints");
        var mean = x[0].Pow(NormType).AvgPool1d(kernel, Stride, ceilMode: CeilMode);
        return mean.Sign().Mul(mean.Abs().Relu()).Mul(kernel.Aggregate(1L, (a, b) => a * b)).Pow(1 / NormType);
    }
}
