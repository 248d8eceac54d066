namespace AutogradService.Engine.Ops;

/// <summary>What adaptive max pooling over two or three dims records: the largest elements of as many windows as asked for, spread evenly, and their indices in the plane.</summary>
[Op("adaptive_max_pool(self, output_size) -> (output, indices)", Hidden = true)]
public sealed partial record AdaptiveMaxPool(Dims OutputSize) : MultiOp, IOp<AdaptiveMaxPool>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<AdaptiveMaxPool>((op, x) =>
    {
        var shape = PoolGeometry.WithLast(x[0].Shape, op.OutputSize);
        var windows = PoolGeometry.AdaptiveOver(x[0].Shape, op.OutputSize);
        return
        [
            PoolGeometry.Define(x[0], shape, op.OutputSize.Count, windows, (met, _) => PoolGeometry.Largest(met).Value),
            PoolGeometry.Define(x[0], shape, op.OutputSize.Count, windows, (met, _) => PoolGeometry.Largest(met).Index),
        ];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new AdaptiveMaxPool([2, 3]), s.Any(2, 2, 5, 4)), Sample.Of(new AdaptiveMaxPool([4, 1]), s.Any(2, 3, 2)), Sample.Of(new AdaptiveMaxPool([2, 3, 1]), s.Any(1, 2, 3, 4, 3))]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"AdaptiveMaxPool{OutputSize.Count}DBackward0";

    /// <summary>PyTorch keeps the input too, although only its shape is needed: so does the second derivative know it, as zero.</summary>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        int dims = OutputSize.Count;
        string name = $"adaptive_max_pool{dims}d";
        var input = x[0].Shape;
        if (input.Rank != dims + 1 && input.Rank != dims + 2) throw AutogradException.Shape($"{name}(): Expected {dims + 1}D or {dims + 2}D tensor, but got: {input}");
        for (int d = 1; d < input.Rank; d++)
            if (input[d] == 0)
                throw AutogradException.Shape($"{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {input} with dimension {d} being empty");
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported(name, x[0].DType);
        var shape = PoolGeometry.WithLast(input, OutputSize);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y) => PoolGeometry.Adaptive(x[0].Shape, OutputSize).Max(x[0].Workspace.RawContiguous(x[0]), y[0], y[1]);

    // y = x[i]: the gradient goes to i.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => grads[0]?.MaxPoolBackward(saved.Input(0), saved.Output(1), OutputSize.Count);

    /// <summary>Values and indices, of the public forms.</summary>
    internal static Tensor[] Run(Tensor x, Dims outputSize, int dims) =>
        x.Workspace.ApplyMany(new AdaptiveMaxPool(PoolGeometry.Expand(outputSize, outputSize, dims, $"adaptive_max_pool{dims}d(): internal error: output_size.size() must be {dims}")), x);
}
