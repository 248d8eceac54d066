using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class AttentionTests
{
    private readonly Workspace _ws = new();

    private Tensor Normal(params long[] shape) => _ws.Randn(Dims.Create(shape), DType.Float64).Detach();

    private Tensor Leaf(params long[] shape) => Normal(shape).SetRequiresGrad();

    // The definition, in other ops.
    private static Tensor Composed(Tensor q, Tensor k, Tensor v, Tensor? bias, double? scale = null)
    {
        var scores = q.Matmul(k.Transpose(-2, -1)).Mul(scale ?? 1 / Math.Sqrt(q.Shape[-1]));
        return (bias is null ? scores : scores.Add(bias)).Softmax(-1).Matmul(v);
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToDoubles(), a = actual.ToDoubles();
        for (int i = 0; i < e.Length; i++) Assert.True(Math.Abs(e[i] - a[i]) <= tolerance * (1 + Math.Abs(e[i])), $"element {i}: {a[i]} instead of {e[i]}");
    }

    [Theory]
    [InlineData(3, 5, false, false)]
    [InlineData(200, 700, false, false)]
    [InlineData(300, 300, true, false)]
    [InlineData(100, 600, false, true)]
    public void Tiles_give_what_the_whole_matrix_gives_in_all_derivatives(long rows, long columns, bool causal, bool masked)
    {
        Tensor q = Leaf(2, rows, 8), k = Leaf(2, columns, 8), v = Leaf(2, columns, 5);
        var mask = masked ? Leaf(rows, columns) : null;
        var hidden = _ws.Full([rows, columns], double.NegativeInfinity, DType.Float64).Triu(1);
        var y = q.ScaledDotProductAttention(k, v, mask, isCausal: causal);
        var expected = Composed(q, k, v, causal ? hidden : mask);
        Close(expected, y);
        Tensor[] leaves = masked ? [q, k, v, mask!] : [q, k, v];
        var g = Leaf(2, rows, 5);
        var first = _ws.Gradients([y], leaves, [g], createGraph: true);
        var wanted = _ws.Gradients([expected], leaves, [g], createGraph: true);
        for (int i = 0; i < leaves.Length; i++) Close(wanted[i]!, first[i]!);
        if (rows > 10) return;
        Tensor[] cotangents = Array.ConvertAll(leaves, l => Normal(l.Shape.Sizes.ToArray()));
        var second = _ws.Gradients(first!, [.. leaves, g], cotangents);
        var secondWanted = _ws.Gradients(wanted!, [.. leaves, g], cotangents);
        for (int i = 0; i < second.Length; i++) Close(secondWanted[i]!, second[i]!);
    }

    [Fact]
    public void A_query_that_sees_nothing_gives_zeros_and_takes_no_gradient()
    {
        Tensor q = Leaf(1, 2, 3), k = Leaf(1, 4, 3), v = Leaf(1, 4, 3);
        var mask = _ws.FromArray<bool>([true, true, false, true, false, false, false, false], Shape.Of(2, 4));
        var y = q.ScaledDotProductAttention(k, v, mask);
        Assert.Equal([0, 0, 0], y.ToDoubles()[3..]);
        var grads = _ws.Gradients([y.Sum()], [q, k, v], createGraph: true);
        Assert.Equal([0, 0, 0], grads[0]!.ToDoubles()[3..]);
        Assert.All(grads, g => Assert.All(g!.ToDoubles(), e => Assert.True(double.IsFinite(e))));
        Assert.All(_ws.Gradients([grads[0]!.Square().Sum()], [q, k, v]), g => Assert.All(g!.ToDoubles(), e => Assert.True(double.IsFinite(e))));
    }

    [Fact]
    public void Batches_broadcast_and_heads_repeat()
    {
        Tensor q = Leaf(4, 3, 8), k = Leaf(2, 4, 6, 8), v = Leaf(2, 4, 6, 8);
        var y = q.ScaledDotProductAttention(k, v);
        Close(Composed(q, k, v, null), y);
        Assert.Equal(q.Shape, _ws.Gradients([y.Sum()], [q])[0]!.Shape);
        Tensor heads = Leaf(1, 4, 2, 3), few = Leaf(1, 2, 5, 3);
        Close(Composed(heads, few.RepeatInterleave(2, 1), few.RepeatInterleave(2, 1), null), heads.ScaledDotProductAttention(few, few, enableGqa: true));
        Assert.StartsWith("Number of heads in key and value must divide", Assert.Throws<AutogradException>(() => heads.ScaledDotProductAttention(Leaf(1, 3, 5, 3), few, enableGqa: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        Tensor q = Normal(3, 250, 16).To(DType.Float32), k = Normal(3, 250, 16).To(DType.Float32);
        var many = q.ScaledDotProductAttention(k, k).ToDoubles();
        int before = KernelThreads.Count;
        KernelThreads.Set(1);
        try
        {
            Assert.Equal(many, q.ScaledDotProductAttention(k, k).ToDoubles());
        }
        finally
        {
            KernelThreads.Set(before);
        }
    }

    [Fact]
    public void Half_precision_computes_in_float32()
    {
        Tensor q = Normal(2, 5, 8), k = Normal(2, 7, 8), v = Normal(2, 7, 8);
        var y = q.To(DType.BFloat16).ScaledDotProductAttention(k.To(DType.BFloat16), v.To(DType.BFloat16), _ws.Zeros([5, 7], DType.Float32));
        Assert.Equal(DType.BFloat16, y.DType);
        Close(Composed(q, k, v, null), y.To(DType.Float64), 5e-2);
    }

    [Fact]
    public void Dropout_keeps_the_expectation_and_has_derivatives()
    {
        Tensor q = Leaf(1, 4, 3), k = Leaf(1, 500, 3), v = _ws.Ones([1, 500, 2], DType.Float64).SetRequiresGrad();
        var y = q.ScaledDotProductAttention(k, v, dropoutP: 0.5);
        Assert.All(y.ToDoubles(), e => Assert.InRange(e, 0.6, 1.4));
        Assert.NotNull(_ws.Gradients([y.Sum()], [q, k, v], createGraph: true)[0]);
    }

    [Fact]
    public void Refusals_have_PyTorchs_words()
    {
        Tensor q = Normal(2, 3, 4), k = Normal(2, 5, 4);
        Assert.Equal("Expected query, key, and value to have the same dtype, but got query.dtype: double key.dtype: float and value.dtype: double instead.",
            Assert.Throws<AutogradException>(() => q.ScaledDotProductAttention(k.To(DType.Float32), k)).Message);
        Assert.Equal("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
            Assert.Throws<AutogradException>(() => q.ScaledDotProductAttention(k, k, Normal(3, 5), isCausal: true)).Message);
        Assert.Equal(ErrorReason.ShapeMismatch, Assert.Throws<AutogradException>(() => q.ScaledDotProductAttention(Normal(2, 5, 3), k)).Reason);
        Assert.Equal(ErrorReason.ShapeMismatch, Assert.Throws<AutogradException>(() => q.ScaledDotProductAttention(k, Normal(2, 6, 4))).Reason);
    }
}
