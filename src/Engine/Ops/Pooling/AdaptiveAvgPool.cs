namespace AutogradService.Engine.Ops;

/// <summary>What adaptive average pooling over two or three dims records: the means of as many windows as asked for, spread evenly.</summary>
[Op("_adaptive_avg_pool(self, output_size)", Hidden = true)]
public sealed partial record AdaptiveAvgPool(Dims OutputSize) : ComputeOp, IOp<AdaptiveAvgPool>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveAvgPool>((op, x) => PoolGeometry.Define(
        x[0], PoolGeometry.WithLast(x[0].Shape, op.OutputSize), op.OutputSize.Count, PoolGeometry.AdaptiveOver(x[0].Shape, op.OutputSize), (met, _) => met.Average(m => m.Value)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new AdaptiveAvgPool([2, 3]), s.Any(2, 2, 5, 4)), Sample.Of(new AdaptiveAvgPool([4, 1]), s.Any(2, 3, 2)), Sample.Of(new AdaptiveAvgPool([2, 3, 1]), s.Any(1, 2, 3, 4, 3)), Sample.Of(new AdaptiveAvgPool([0, 2]), s.Any(2, 3, 2))]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"AdaptiveAvgPool{OutputSize.Count}DBackward0";

    /// <summary>PyTorch keeps the input too, although only its shape is needed: so does the second derivative know it, as zero.</summary>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported($"adaptive_avg_pool{OutputSize.Count}d", x[0].DType);
        return new(PoolGeometry.WithLast(x[0].Shape, OutputSize), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        PoolGeometry.Adaptive(x[0].Shape, OutputSize).Average(y.Workspace.RawContiguous(x[0]), y, false, 0);
    }

    // Every element of a window gets the window's gradient over its size.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.AdaptiveAvgPoolBackward(saved.Input(0), OutputSize);

    /// <summary>Refuses what the public forms refuse, and pools.</summary>
    internal static Tensor Run(Tensor x, Dims outputSize, int dims)
    {
        string name = $"adaptive_avg_pool{dims}d";
        var size = PoolGeometry.Expand(outputSize, outputSize, dims, $"{name}: output_size must be {dims}");
        if (size.Any(s => s < 0)) throw AutogradException.Attribute($"{name}: elements of output_size must be greater than or equal to 0 but received {{{string.Join(", ", size)}}}");
        if (x.Dim != dims + 1 && x.Dim != dims + 2) throw AutogradException.Shape($"{name}(): Expected {dims + 1}D or {dims + 2}D tensor, but got {x.Shape}");
        for (int d = x.Dim - dims; d < x.Dim; d++)
            if (x.Shape[d] == 0)
                throw AutogradException.Shape($"{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {x.Shape} with dimension {d} being empty");
        // One window over everything is a mean, and PyTorch records it so.
        if (size.All(s => s == 1)) return x.Mean(Dims.Create(Enumerable.Range(1, dims).Select(d => (long)-d).ToArray()), keepdim: true);
        return x.AdaptiveAvgPool(size);
    }
}
