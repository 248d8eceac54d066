using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// The gradient of attention for one operand (0 query, 1 key, 2 value, 3 attn_mask), from the probabilities P computed again: with S = P (g value^T - row sums of g output), it is
/// scale S key, scale S^T query, P^T g or S.
/// </summary>
[Op("_scaled_dot_product_flash_attention_for_cpu_backward(grad_output, query, key, value?, attn_mask?, output?!, logsumexp!, operand, is_causal, scale)", Hidden = true)]
public sealed partial record ScaledDotProductFlashAttentionBackward(long Operand, bool IsCausal, double Scale) : ComputeOp, IOp<ScaledDotProductFlashAttentionBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the derivative of attention; the gradient checks of scaled_dot_product_attention cover it");

    // output and logsumexp belong to query and key: changing those alone is no derivative, so that finite differences are left to scaled_dot_product_attention.
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        for (int operand = 0; operand < 4; operand++)
            yield return Sample.ForwardOnly(new ScaledDotProductFlashAttentionBackward(operand, false, 0.5),
                s.Any(2, 3, 3), s.Any(2, 3, 4), s.Any(2, 5, 4), s.Any(2, 5, 3), s.Any(3, 5), s.Any(2, 3, 3), s.Between(3, 4, 2, 3));
    }

    private AttentionOperand Which => (AttentionOperand)Operand;

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(5);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 4 * inputs[1].Shape.Numel * inputs[2].Shape[-2];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(
        Which switch
        {
            AttentionOperand.Query => x[1].Shape,
            AttentionOperand.Key => x[2].Shape,
            AttentionOperand.Value => AttentionShapes.Of(AttentionShapes.Batch(x[2]), x[2].Shape[-2], x[0].Shape[-1]),
            _ => AttentionShapes.Of(AttentionShapes.Batch(x[1]), x[1].Shape[-2], x[2].Shape[-2]),
        },
        x[1].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (y.DType == DType.Float32) Run<float>(x, y);
        else Run<double>(x, y);
    }

    // With G this op's cotangent, g = grad_output, D = g value^T and S = P (D - row sums of P D), this op's value is linear in S (or, for the value, in P):
    // T, the cotangent of S, is scale G key^T, scale query G^T or G; that of D is then softmax's derivative of T, and that of P is T (D - row sums of P D) - D (row sums of P T);
    // for the value that of P is g G^T. From P to the scores it is softmax's derivative again, and from there to query, key and mask.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor g = saved.Input(0), query = saved.Input(1), key = saved.Input(2);
        var mask = saved.OptionalInput(4);
        var p = AttentionShapes.Probabilities(query, key, mask, Scale, IsCausal);
        Tensor? s = null, t = null;
        Tensor cotangent;
        if (Which == AttentionOperand.Value)
        {
            if (input == 0) return p.Matmul(grad);
            if (input == 3) return null;
            cotangent = g.Matmul(grad.Transpose(-2, -1));
        }
        else
        {
            var value = saved.Input(3);
            t = Which switch
            {
                AttentionOperand.Query => grad.Matmul(key.Transpose(-2, -1)).Mul(Scale),
                AttentionOperand.Key => query.Matmul(grad.Transpose(-2, -1)).Mul(Scale),
                _ => grad,
            };
            if (input is 0 or 3)
            {
                var d = t.SoftmaxBackwardData(p, -1);
                return input == 0 ? d.Matmul(value) : d.Transpose(-2, -1).Matmul(g);
            }
            var products = g.Matmul(value.Transpose(-2, -1));
            var centered = products.Sub(products.Mul(p).Sum([-1], keepdim: true));
            s = p.Mul(centered);
            cotangent = t.Mul(centered).Sub(products.Mul(p.Mul(t).Sum([-1], keepdim: true)));
        }
        var scores = cotangent.SoftmaxBackwardData(p, -1);
        switch (input)
        {
            case 1:
                var forQuery = scores.Matmul(key);
                return (Which == AttentionOperand.Key ? forQuery.Add(s!.Matmul(grad)) : forQuery).Mul(Scale);
            case 2:
                var forKey = scores.Transpose(-2, -1).Matmul(query);
                return (Which == AttentionOperand.Query ? forKey.Add(s!.Transpose(-2, -1).Matmul(grad)) : forKey).Mul(Scale);
            default:
                return scores;
        }
    }

    private unsafe void Run<T>(Inputs x, Tensor y) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        Tensor query = x[1], logsumexp = y.Workspace.RawContiguous(x[6]);
        var scores = AttentionShapes.Scores<T>(query, x[2], x.Optional(4), Scale, IsCausal);
        var grad = AttentionShapes.Matrices<T>(x[0]);
        long batch = AttentionShapes.Batch(query).Numel, valueDepth = x[0].Shape[-1];
        MatrixBatch<T> value = default;
        T* dots = null;
        if (Which != AttentionOperand.Value)
        {
            value = AttentionShapes.Matrices<T>(x[3]);
            dots = y.Workspace.RawEmpty(logsumexp.Shape, y.DType).Pointer<T>();
            WorkerPool.For(batch * scores.Rows, 1 + 65536 / Math.Max(1, valueDepth), new Dots<T>(grad, AttentionShapes.Matrices<T>(x[5]), scores.Rows, valueDepth, dots));
        }
        new AttentionGradient<T>(scores, value, grad, valueDepth, logsumexp.Pointer<T>(), dots, y.Pointer<T>(), Which).Run(batch);
    }

    /// <summary>The row sums of the gradient times the output.</summary>
    private readonly unsafe struct Dots<T>(MatrixBatch<T> a, MatrixBatch<T> b, long rows, long n, T* result) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            for (long i = from; i < to; i++)
            {
                T* x = a.At(i / rows, i % rows), y = b.At(i / rows, i % rows);
                T sum = T.Zero;
                for (long j = 0; j < n; j++) sum += x[j] * y[j];
                result[i] = sum;
            }
        }
    }
}
