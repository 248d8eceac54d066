namespace AutogradService.Engine.Ops;

/// <summary>What grid_sample records: the input read, channel by channel, at the places that grid names in [-1, 1], by mode, with padding_mode beyond the edges.</summary>
[Op("grid_sampler(input, grid, mode, padding_mode, align_corners)", Hidden = true)]
public sealed partial record GridSampler(string Mode, string PaddingMode, bool AlignCorners) : ComputeOp, IOp<GridSampler>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GridSampler>((op, x) =>
    {
        int dims = x[0].Shape.Rank - 2;
        var rule = op.Rule;
        return NdArray.Build(Shape.Of([x[0].Shape[0], x[0].Shape[1], .. x[1].Shape.Sizes[1..^1]]), i =>
        {
            var read = new NdArray(Shape.Of(x[0].Shape.Sizes[2..]), new double[Shape.Of(x[0].Shape.Sizes[2..]).Numel]);
            foreach (var at in NdArray.Indices(read.Shape)) read[at] = x[0][[i[0], i[1], .. at]];
            // Dim by dim, each time the first that is left.
            for (int d = 0; d < dims; d++)
            {
                var source = read;
                long[] indices = new long[4];
                double[] weights = new double[4], slopes = new double[4];
                rule.Fill(x[1][[i[0], .. i[2..], dims - 1 - d]], source.Shape[0], indices, weights, slopes);
                read = NdArray.Build(Shape.Of(source.Shape.Sizes[1..]), rest =>
                {
                    double sum = 0;
                    for (int t = 0; t < rule.Taps; t++)
                        if (indices[t] >= 0) sum += source[[indices[t], .. rest]] * weights[t];
                    return sum;
                });
            }
            return read.Values[0];
        });
    });

    /// <summary>Not checked twice: as in PyTorch, the gradients have no derivatives of their own.</summary>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        foreach (string mode in (string[])["bilinear", "nearest", "bicubic"])
            foreach (string padding in (string[])["zeros", "border", "reflection"])
                foreach (bool align in (bool[])[false, true])
                    yield return Sample.ForwardOnly(new GridSampler(mode, padding, align), s.Any(2, 2, 3, 4), s.Between(-1.6, 1.6, 2, 2, 3, 2));
        yield return Sample.ForwardOnly(new GridSampler("bilinear", "reflection", false), s.Any(1, 2, 3, 2, 4), s.Between(-1.6, 1.6, 1, 2, 2, 1, 3));
        yield return Sample.ForwardOnly(new GridSampler("nearest", "zeros", true), s.Any(1, 2, 3, 2, 4), s.Between(-1.6, 1.6, 1, 2, 2, 1, 3));
    }

    private GridRule Rule => new(Mode, PaddingMode, AlignCorners);

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"GridSampler{inputs[0]!.Dim - 2}DBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor input = x[0], grid = x[1];
        if (input.Dim is not (4 or 5) || grid.Dim != input.Dim)
            throw AutogradException.Shape($"grid_sampler(): expected {(input.Dim == 5 ? "5D" : "4D")} input and grid with same number of dimensions, but got input with sizes {input.Shape} and grid with sizes {grid.Shape}");
        if (input.Shape[0] != grid.Shape[0])
            throw AutogradException.Shape($"grid_sampler(): expected grid and input to have same batch size, but got input with sizes {input.Shape} and grid with sizes {grid.Shape}");
        if (grid.Shape[-1] != input.Dim - 2)
            throw AutogradException.Shape($"grid_sampler(): expected grid to have size {input.Dim - 2} in last dimension, but got grid with sizes {grid.Shape}");
        for (int d = 2; d < input.Dim; d++)
            if (input.Shape[d] == 0)
                throw AutogradException.Shape($"grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {input.Shape} with dimension {d} being empty");
        if (input.Dim == 5 && Mode == "bicubic") throw AutogradException.Attribute("grid_sampler(): bicubic interpolation only supports 4D input");
        if (input.DType != grid.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"grid_sampler(): expected input and grid to have same dtype, but input has {input.DType.CName} and grid has {grid.DType.CName}");
        if (!input.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("grid_sampler_2d_cpu", input.DType);
        return new(Shape.Of([input.Shape[0], input.Shape[1], .. grid.Shape.Sizes[1..^1]]), input.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        GridSampling.Forward(Rule, y.Workspace.RawContiguous(x[0]), y.Workspace.RawContiguous(x[1]), y);
    }

    // The input collects the gradients with the weights it was read with; the grid the input's slope at its place times the gradient, over all channels.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? grad.GridSamplerBackwardInput(saved.Input(1), Dims.Of(saved.Shape(0)), Mode, PaddingMode, AlignCorners)
        : grad.GridSamplerBackwardGrid(saved.Input(0), saved.Input(1), Mode, PaddingMode, AlignCorners);
}
