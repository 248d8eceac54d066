using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>How the attention ops see their tensors: a batch of matrices in the last two dims, all batches expanded to one shape before.</summary>
internal static unsafe class AttentionShapes
{
    /// <summary>The dims before the last two.</summary>
    public static Shape Batch(Tensor x) => Shape.Of(x.Shape.Sizes[..^2]);

    /// <summary>A shape of a batch of matrices.</summary>
    public static Shape Of(Shape batch, params ReadOnlySpan<long> rest) => Shape.Of([.. batch.Sizes, .. rest]);

    /// <summary>The tensor with its batch expanded.</summary>
    public static Tensor Expanded(Tensor x, Shape batch) => Batch(x).Equals(batch) ? x : x.Expand(Dims.Of(Of(batch, x.Shape[-2], x.Shape[-1])));

    /// <summary>The matrices of a tensor whose batch is expanded; copied if the elements of a row do not follow each other.</summary>
    public static MatrixBatch<T> Matrices<T>(Tensor x) where T : unmanaged
    {
        if (x.StridesArray[^1] != 1 && x.Shape[-1] > 1) x = x.Workspace.RawClone(x);
        return new(x.Pointer<T>(), Starts(x.StridesArray, Batch(x)), x.StridesArray[^2]);
    }

    /// <summary>The scores of a call.</summary>
    public static AttentionScores<T> Scores<T>(Tensor query, Tensor key, Tensor? mask, double scale, bool causal) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        AttentionMask<T> added = default;
        if (mask is not null)
        {
            var strides = Strided.BroadcastStrides(mask, Of(Batch(query), query.Shape[-2], key.Shape[-2]));
            added = new(mask.Data, mask.DType == DType.Bool, Starts(strides, Batch(query)), strides[^2], strides[^1]);
        }
        return new(Matrices<T>(query), Matrices<T>(key), added, query.Shape[-2], key.Shape[-2], query.Shape[-1], T.CreateTruncating(scale), causal);
    }

    /// <summary>The probabilities as recorded ops, for derivatives of derivatives and for dropout: softmax of the masked scores, zeros in a row that sees nothing.</summary>
    public static Tensor Probabilities(Tensor query, Tensor key, Tensor? mask, double scale, bool causal)
    {
        var scores = query.Matmul(key.Transpose(-2, -1)).Mul(scale);
        if (causal)
        {
            var hidden = query.Workspace.Ones([query.Shape[-2], key.Shape[-2]], DType.Bool).Tril().LogicalNot();
            return scores.MaskedFill(hidden, double.NegativeInfinity).Softmax(-1);
        }
        if (mask is null) return scores.Softmax(-1);
        if (!Shape.Broadcast(scores.Shape, mask.Shape).Equals(scores.Shape))
            throw AutogradException.Shape($"output with shape {scores.Shape} doesn't match the broadcast shape {Shape.Broadcast(scores.Shape, mask.Shape)}");
        scores = mask.DType == DType.Bool ? scores.MaskedFill(mask.LogicalNot(), double.NegativeInfinity) : scores.Add(mask);
        // The scores of a blind row are replaced too: zero times the NaN of their softmax would come back as gradient.
        var blind = scores.Eq(double.NegativeInfinity).All([-1], keepdim: true);
        return scores.MaskedFill(blind, 0.0).Softmax(-1).MaskedFill(blind, 0.0);
    }

    /// <summary>For definitions: the probabilities of one query.</summary>
    /// <param name="x">query, key, value, mask.</param>
    /// <param name="at">The batch's index and the query's, as an index into the output without its last dim.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="causal">Whether later keys are hidden.</param>
    /// <param name="mask">Whether a mask is of truth values.</param>
    public static (double[] P, double LogSum) Define(NdArray?[] x, long[] at, double scale, bool causal, bool mask)
    {
        NdArray query = x[0]!, key = x[1]!;
        var scores = new double[key.Shape[-2]];
        for (long j = 0; j < scores.Length; j++)
        {
            for (long d = 0; d < query.Shape[-1]; d++) scores[j] += query[[.. at, d]] * key[[.. at[..^1], j, d]];
            scores[j] *= scale;
            if (x[3] is { } m) scores[j] += mask ? (m.Broadcast([.. at, j]) == 0 ? double.NegativeInfinity : 0) : m.Broadcast([.. at, j]);
            if (causal && j > at[^1]) scores[j] = double.NegativeInfinity;
        }
        double max = scores.DefaultIfEmpty(double.NegativeInfinity).Max();
        if (double.IsNegativeInfinity(max)) return (new double[scores.Length], double.PositiveInfinity);
        double log = max + Math.Log(scores.Sum(e => Math.Exp(e - max)));
        return (Array.ConvertAll(scores, e => Math.Exp(e - log)), log);
    }

    private static long[] Starts(long[] strides, Shape batch)
    {
        var starts = new long[batch.Numel];
        for (long i = 0; i < starts.Length; i++)
        {
            long rest = i;
            for (int d = batch.Rank - 1; d >= 0; d--)
            {
                starts[i] += rest % batch[d] * strides[d];
                rest /= batch[d];
            }
        }
        return starts;
    }
}
