namespace AutogradService.Engine.Ops;

/// <summary>
/// Rows of a weight matrix by index; the row padding_idx gets no gradient, and with scale_grad_by_freq a row's gradient is divided by how often it was taken. With max_norm, rows
/// whose norm_type-norm exceeds it are first scaled down to it in the weight itself, which autograd does not see.
/// </summary>
[Op("embedding(weight, indices!, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)", Page = "torch.nn.functional.embedding")]
public sealed partial record Embedding(long? PaddingIdx = null, double? MaxNorm = null, double NormType = 2, bool ScaleGradByFreq = false, bool Sparse = false) : CompositeOp, IOp<Embedding>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Embedding>((_, x) =>
        NdArray.Build(Shape.Of([.. x[1].Shape.Sizes, x[0].Shape[1]]), i => x[0][(long)x[1][i.AsSpan(0, i.Length - 1)], i[^1]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Embedding(), s.Any(4, 3), s.Index(4, 2, 5)),
        Sample.ForwardOnly(new Embedding(1, ScaleGradByFreq: true), s.Strided(4, 3), s.Index(4, 6)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var rows = new EmbeddingRows(PaddingIdx, ScaleGradByFreq);
        if (MaxNorm is not { } norm) return workspace.Apply(rows, x[0], x[1]);
        rows.Infer(x);
        using (workspace.NoGrad()) x[0].EmbeddingRenormInPlace(x[1], norm, NormType);
        return workspace.Apply(rows, x[0], x[1]);
    }
}
