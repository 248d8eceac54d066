using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What scaled_dot_product_attention records: the attention of batches of one shape, and the logsumexp of each query's scores, from which backward computes them again.</summary>
[Op("_scaled_dot_product_flash_attention_for_cpu(query, key, value, attn_mask?, is_causal, scale) -> (output, logsumexp)", Hidden = true)]
public sealed partial record ScaledDotProductFlashAttention(bool IsCausal, double Scale) : MultiOp, IOp<ScaledDotProductFlashAttention>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<ScaledDotProductFlashAttention>((op, x) =>
    {
        bool truths = x[3]?.Values.All(v => v is 0 or 1) ?? false;
        var value = x[2];
        var output = NdArray.Build(Shape.Of([.. x[0].Shape.Sizes[..^1], value.Shape[-1]]), i =>
        {
            var p = AttentionShapes.Define(x, i[..^1], op.Scale, op.IsCausal, truths).P;
            double sum = 0;
            for (long j = 0; j < p.Length; j++) sum += p[j] * value[[.. i[..^2], j, i[^1]]];
            return sum;
        });
        return [output, NdArray.Build(Shape.Of(x[0].Shape.Sizes[..^1]), i => AttentionShapes.Define(x, i, op.Scale, op.IsCausal, truths).LogSum)];
    });

    // The derivative takes no gradient of logsumexp, which never leaves the graph: the checks are those of scaled_dot_product_attention.
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(false, 0.5), s.Any(2, 3, 4), s.Any(2, 5, 4), s.Any(2, 5, 3), null),
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(true, 0.5), s.Any(2, 5, 4), s.Any(2, 3, 4), s.Any(2, 3, 3), null),
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(false, 0.5), s.Any(2, 2, 3, 4), s.Any(2, 2, 5, 4), s.Any(2, 2, 5, 3), s.Any(2, 1, 3, 5)),
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(false, 0.5), s.Any(3, 4), s.Any(5, 4), s.Any(5, 3), s.Values(Shape.Of(3, 5), 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1).Ne(0)),
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(true, 0.5), s.Any(1, 100, 2), s.Any(1, 300, 2), s.Any(1, 300, 2), null),
            Sample.ForwardOnly(new ScaledDotProductFlashAttention(false, 0.5), s.Any(2, 3, 4), s.Any(2, 0, 4), s.Any(2, 0, 3), null),
        ]
        : [];

    // PyTorch takes its fused kernel for four dims; its recordings with other lengths of keys than of queries are those of the composed form.
    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs)
    {
        Tensor query = inputs[0]!, key = inputs[1]!, value = inputs[2]!;
        if (query.Dim == 4 && query.Shape.Equals(key.Shape) && query.Shape.Equals(value.Shape)) return "ScaledDotProductFlashAttentionForCpuBackward0";
        return query.Dim == 2 ? "MmBackward0" : "UnsafeViewBackward0";
    }

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2) | Engine.Saves.Input(3) | Engine.Saves.OutputAt(1)
        | (needs[0] || needs[1] || needs[3] ? Engine.Saves.Input(2) | Engine.Saves.OutputAt(0) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 4 * inputs[0].Shape.Numel * inputs[1].Shape[-2];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("flash_attention", x[0].DType);
        var rows = x[0].Shape.Sizes[..^1];
        return [new(Shape.Of([.. rows, x[2].Shape[-1]]), x[0].DType), new(Shape.Of(rows), x[0].DType.ComputeType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = y[0].Workspace.Scope();
        if (y[0].DType == DType.Float32) Run<float>(x, y);
        else Run<double>(x, y);
    }

    // recomputed tile by tile from the saved logarithms of the softmax's denominators
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        bool whole = input != (int)AttentionOperand.Value;
        Tensor query = saved.Input(0), key = saved.Input(1);
        // For the value's gradient neither value nor output is read.
        return saved.Workspace.Apply(new ScaledDotProductFlashAttentionBackward(input, IsCausal, Scale), grad, query, key,
            whole ? saved.Input(2) : null, saved.OptionalInput(3), whole ? saved.Output() : null, saved.Output(1));
    }

    private unsafe void Run<T>(Inputs x, Tensor[] y) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        AttentionForward<T>.Run(AttentionShapes.Batch(x[0]).Numel, AttentionShapes.Scores<T>(x[0], x[1], x.Optional(3), Scale, IsCausal), AttentionShapes.Matrices<T>(x[2]), x[2].Shape[-1],
            y[0].Pointer<T>(), y[1].Pointer<T>());
}
