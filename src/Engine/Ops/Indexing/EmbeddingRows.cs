namespace AutogradService.Engine.Ops;

/// <summary>What embedding records: rows of a weight matrix by index; the row padding_idx gets no gradient, and with scale_grad_by_freq a row's gradient is divided by how often it was taken.</summary>
[Op("_embedding_rows(weight, indices!, padding_idx, scale_grad_by_freq)", Hidden = true)]
public sealed partial record EmbeddingRows(long? PaddingIdx = null, bool ScaleGradByFreq = false) : ComputeOp, IOp<EmbeddingRows>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<EmbeddingRows>((_, x) =>
        NdArray.Build(Shape.Of([.. x[1].Shape.Sizes, x[0].Shape[1]]), i => x[0][(long)x[1][i.AsSpan(0, i.Length - 1)], i[^1]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new EmbeddingRows(), s.Any(4, 3), s.Index(4, 2, 5)),
        Sample.Of(new EmbeddingRows(), s.Strided(4, 3), s.Index(4)),
        Sample.ForwardOnly(new EmbeddingRows(1), s.Any(4, 3), s.Index(4, 6)),
        Sample.ForwardOnly(new EmbeddingRows(null, true), s.Any(4, 3), s.Index(4, 6)),
        Sample.Of(new EmbeddingRows(), s.Any(4, 3), s.Index(4, 0)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "EmbeddingBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim != 2) throw AutogradException.Shape("'weight' must be 2-D");
        if (x[1].DType is not (DType.Int64 or DType.Int32))
            throw AutogradException.Attribute($"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.{x[1].DType.TorchName}Tensor instead (while checking arguments for embedding)");
        if (PaddingIdx is { } padding && (padding < -x[0].Shape[0] || padding >= x[0].Shape[0]))
            throw AutogradException.Attribute("Padding_idx must be within num_embeddings", TorchErrorType.ValueError);
        return new(Shape.Of([.. x[1].Shape.Sizes, x[0].Shape[1]]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var rows = AlongDim.Flat(AlongDim.Checked(x[1], x[0].Shape[0], AlongDim.OutOfRangeInSelf));
        var matrix = Shape.Of(rows.Numel, x[0].Shape[1]);
        AlongDim.Gather(x[0], 0, AlongDim.Spread(rows, matrix, 0), y.Alias(matrix, matrix.ContiguousStrides, y.Offset));
    }

    // rows of g added up by index
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        long rows = saved.Shape(0)[0];
        return grad.EmbeddingDenseBackward(saved.Input(1), rows, PaddingIdx < 0 ? PaddingIdx + rows : PaddingIdx, ScaleGradByFreq);
    }
}
