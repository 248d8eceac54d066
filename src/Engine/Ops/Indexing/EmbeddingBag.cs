namespace AutogradService.Engine.Ops;

/// <summary>
/// Sums, means or maxima of bags of rows of a weight matrix. Indices of two dims hold a bag a row; in one dim, offsets tell where each bag begins. Rows of padding_idx do not count;
/// per_sample_weights multiply the rows of a sum.
/// </summary>
[Op("embedding_bag(weight, indices!, offsets?!, max_norm, norm_type, scale_grad_by_freq, mode, sparse, per_sample_weights?, include_last_offset, padding_idx)", Page = "torch.nn.functional.embedding_bag")]
public sealed partial record EmbeddingBag(
    double? MaxNorm = null, double NormType = 2, bool ScaleGradByFreq = false, string Mode = "mean", bool Sparse = false, bool IncludeLastOffset = false, long? PaddingIdx = null)
    : CompositeOp, IOp<EmbeddingBag>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<EmbeddingBag>((op, x) =>
    {
        long n = x[1].Values.Length, columns = x[0].Shape[1];
        var starts = x[2]?.Values.Select(v => (long)v).ToList() ?? [.. Enumerable.Range(0, (int)x[1].Shape[0]).Select(i => i * x[1].Shape[1])];
        if (!op.IncludeLastOffset) starts.Add(n);
        return NdArray.Build(Shape.Of(starts.Count - 1, columns), at =>
        {
            var rows = new List<double>();
            for (long i = starts[(int)at[0]]; i < starts[(int)at[0] + 1]; i++)
            {
                long row = (long)x[1].Values[i];
                if (row != (op.PaddingIdx < 0 ? op.PaddingIdx + x[0].Shape[0] : op.PaddingIdx)) rows.Add(x[0][row, at[1]] * (x[3]?.Values[i] ?? 1));
            }
            return rows.Count == 0 ? 0 : op.Mode switch { "sum" => rows.Sum(), "mean" => rows.Sum() / rows.Count, _ => rows.Max() };
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        foreach (string mode in (string[])["sum", "mean", "max"])
        {
            yield return Sample.Of(new EmbeddingBag(Mode: mode), s.Any(4, 3), s.Integers(Shape.Of(5), 1, 0, 2, 3, 1), s.Integers(Shape.Of(3), 0, 2, 2), null);
            yield return Sample.ForwardOnly(new EmbeddingBag(Mode: mode, PaddingIdx: -2), s.Strided(4, 3), s.Integers(Shape.Of(2, 3), 1, 0, 2, 2, 1, 3), null, null);
        }
        yield return Sample.Of(new EmbeddingBag(Mode: "sum"), s.Any(4, 3), s.Integers(Shape.Of(2, 2), 1, 1, 2, 0), null, s.Any(2, 2));
        yield return Sample.Of(new EmbeddingBag(Mode: "sum", IncludeLastOffset: true), s.Any(4, 3), s.Integers(Shape.Of(5), 1, 0, 2, 3, 1), s.Integers(Shape.Of(3), 0, 3, 5), s.Any(5));
    }

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor weight = x[0], indices = x[1];
        Tensor? offsets = x.Optional(2), factors = x.Optional(3);
        if (factors is not null && !factors.Shape.Equals(indices.Shape))
            throw Value($"embedding_bag: If per_sample_weights (torch.Size({factors.Shape})) is not None, then it must have the same shape as the input (torch.Size({indices.Shape}))");
        if (weight.Dim != 2) throw Value($"weight has to be a 2D Tensor, but got Tensor of dimension {weight.Dim}");
        if (indices.Dim == 2)
        {
            if (offsets is not null)
                throw Value("if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>");
            offsets = workspace.Arange(0L, indices.Numel, Math.Max(1, indices.Shape[1]), indices.DType);
            if (indices.Shape[1] == 0) offsets = workspace.Zeros([indices.Shape[0]], indices.DType);
            indices = indices.Reshape([-1]);
            factors = factors?.Reshape([-1]);
        }
        else if (indices.Dim != 1)
        {
            throw Value($"input has to be 1D or 2D Tensor, but got Tensor of dimension {indices.Dim}");
        }
        else if (offsets is null)
        {
            throw Value("offsets has to be a 1D Tensor but got None");
        }
        else if (offsets.Dim != 1)
        {
            throw Value("offsets has to be a 1D Tensor");
        }
        if (Mode is not ("sum" or "mean" or "max")) throw Value("mode has to be one of sum, mean or max");
        if (Mode == "max" && ScaleGradByFreq) throw Value("max mode does not support scaling the gradient by the frequency");
        if (Mode == "max" && Sparse) throw Value("max mode does not support sparse weights");
        if (factors is not null && Mode != "sum")
            throw AutogradException.Attribute(
                $"embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='{Mode}'). Please open a feature request on GitHub.", TorchErrorType.NotImplementedError);
        if (MaxNorm is { } norm)
            using (workspace.NoGrad()) weight.EmbeddingRenormInPlace(indices, norm, NormType);
        long rows = weight.Shape[0];
        if (PaddingIdx is { } given && (given < -rows || given >= rows))
            throw AutogradException.Attribute($"padding_idx must be within the number of embeddings, -{rows} through {rows - 1}, but got {given}");
        var op = new EmbeddingBags(Mode, ScaleGradByFreq, IncludeLastOffset, PaddingIdx < 0 ? PaddingIdx + rows : PaddingIdx);
        return workspace.Apply(op, weight, indices, offsets, factors);
    }

    private static AutogradException Value(string message) => AutogradException.Attribute(message, TorchErrorType.ValueError);
}
