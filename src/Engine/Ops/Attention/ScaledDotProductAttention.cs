namespace AutogradService.Engine.Ops;

/// <summary>
/// Attention: softmax(scale query key^T + attn_mask) value over the last two dims, scale 1 / sqrt(E) unless given. A mask of truth values hides where it is false; is_causal hides keys
/// after the query; a query that sees nothing gets zeros. enable_gqa repeats the heads of key and value (dim -3) to those of query.
/// </summary>
/// <remarks>Vaswani et al., "Attention Is All You Need", 2017. Without dropout no matrix of all scores is ever kept.</remarks>
[Op("scaled_dot_product_attention(query, key, value, attn_mask?, dropout_p, is_causal, scale, enable_gqa)")]
public sealed partial record ScaledDotProductAttention(double DropoutP = 0, bool IsCausal = false, double? Scale = null, bool EnableGqa = false) : CompositeOp, IOp<ScaledDotProductAttention>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("made of _scaled_dot_product_flash_attention_for_cpu and of softmax; AttentionTests compare the two");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new ScaledDotProductAttention(), s.Any(2, 3, 4), s.Any(2, 5, 4), s.Any(2, 5, 3), null),
            Sample.Of(new ScaledDotProductAttention(IsCausal: true), s.Any(2, 3, 2), s.Any(2, 3, 2), s.Any(2, 3, 2), null),
            Sample.Of(new ScaledDotProductAttention(Scale: 0.7), s.Any(3, 2), s.Any(2, 4, 2), s.Any(2, 1, 4, 2), s.Any(3, 4)),
            Sample.Of(new ScaledDotProductAttention(), s.Any(2, 1, 2, 3), s.Any(2, 1, 3, 3), s.Any(2, 1, 3, 2), s.Values(Shape.Of(2, 3), 1, 0, 1, 1, 1, 0).Ne(0)),
            Sample.Of(new ScaledDotProductAttention(EnableGqa: true), s.Any(1, 4, 2, 3), s.Any(1, 2, 3, 3), s.Any(1, 2, 3, 2), null),
            Sample.Of(new ScaledDotProductAttention(), s.Any(2, 0, 4), s.Any(2, 5, 4), s.Any(2, 5, 3), null),
        ]
        : [Sample.ForwardOnly(new ScaledDotProductAttention(), s.Any(2, 3, 4), s.Any(2, 5, 4), s.Any(2, 5, 3), null)];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor query = x[0], key = x[1], value = x[2];
        var mask = x.Optional(3);
        Check(query, key, value, mask);
        if (EnableGqa) (key, value) = Repeated(query, key, value);
        if (!query.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("softmax_lastdim_kernel_impl", query.DType);
        if (mask is { DType.IsFloatingPoint: true } && mask.DType != query.DType && mask.DType != query.DType.ComputeType) mask = mask.To(query.DType);
        double scale = Scale ?? 1 / Math.Sqrt(query.Shape[-1]);
        if (!(DropoutP > 0) && Fits(query, key, value, mask, out var batch))
        {
            query = AttentionShapes.Expanded(query, batch);
            key = AttentionShapes.Expanded(key, batch);
            value = AttentionShapes.Expanded(value, batch);
            return workspace.ApplyMany(new ScaledDotProductFlashAttention(IsCausal, scale), query, key, value, mask)[0];
        }
        var p = AttentionShapes.Probabilities(query, key, mask, scale, IsCausal);
        if (DropoutP > 0) p = p.Dropout(DropoutP);
        return p.Matmul(value.DType == p.DType ? value : value.To(p.DType)).To(query.DType);
    }

    private void Check(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        if (query.DType != key.DType || query.DType != value.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported,
                $"Expected query, key, and value to have the same dtype, but got query.dtype: {query.DType.CName} key.dtype: {key.DType.CName} and value.dtype: {value.DType.CName} instead.");
        if (query.Dim < 2 || key.Dim < 2 || value.Dim < 2)
            throw AutogradException.Shape(
                $"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {query.Dim} key.dim: {key.Dim} and value.dim: {value.Dim} instead.");
        if (mask is null) return;
        if (mask.DType != DType.Bool && mask.DType != DType.Float32 && mask.DType != query.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported,
                $"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {mask.DType.CName} and  query.dtype: {query.DType.CName} instead.");
        if (IsCausal) throw AutogradException.Attribute("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
    }

    // What does not fit is left to the composed form, whose ops have the words for it.
    private static bool Fits(Tensor query, Tensor key, Tensor value, Tensor? mask, out Shape batch)
    {
        batch = Shape.Scalar;
        if (query.Shape[-1] != key.Shape[-1] || key.Shape[-2] != value.Shape[-2]) return false;
        Shape q = AttentionShapes.Batch(query), k = AttentionShapes.Batch(key), v = AttentionShapes.Batch(value);
        if (!Broadcast(q, k) || !Broadcast(Shape.Broadcast(q, k), v)) return false;
        var scores = Shape.Broadcast(q, k);
        batch = Shape.Broadcast(scores, v);
        return mask is null || mask.Shape.BroadcastsTo(AttentionShapes.Of(scores, query.Shape[-2], key.Shape[-2]));

        static bool Broadcast(Shape a, Shape b)
        {
            for (int d = 1; d <= Math.Min(a.Rank, b.Rank); d++)
                if (a[-d] != b[-d] && a[-d] != 1 && b[-d] != 1) return false;
            return true;
        }
    }

    private static (Tensor Key, Tensor Value) Repeated(Tensor query, Tensor key, Tensor value)
    {
        if (query.Dim < 3 || key.Dim < 3 || value.Dim < 3) throw AutogradException.Index("Dimension out of range (expected to be in range of [-2, 1], but got -3)");
        long heads = query.Shape[-3], keys = key.Shape[-3], values = value.Shape[-3];
        if (heads == keys && keys == values) return (key, value);
        if (keys == 0 || values == 0 || heads % keys != 0 || heads % values != 0) throw AutogradException.Shape("Number of heads in key and value must divide the number of heads in ");
        return (key.RepeatInterleave(heads / keys, -3), value.RepeatInterleave(heads / values, -3));
    }
}
