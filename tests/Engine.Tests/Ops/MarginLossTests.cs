using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class MarginLossTests
{
    private readonly Workspace _ws = new();

    private Tensor Of(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length));

    private Tensor Matrix(long rows, params double[] values) => _ws.FromArray<double>(values, Shape.Of(rows, values.Length / rows));

    private static string Refusal(Action call) => Assert.Throws<AutogradException>(call).Message;

    [Fact]
    public void Cosine_similarity_clamps_the_norm_but_not_its_gradient()
    {
        var x = Of(0.3, 0.4).SetRequiresGrad();
        var y = x.CosineSimilarity(Of(3, 4), 0, eps: 1);
        Assert.Equal(0.5, y.Item(), 12);
        // cos = x u / c with c = 1 in value, d c = x dx / |x| in derivative.
        var g = _ws.Gradients([y], [x])[0]!.ToDoubles();
        Assert.Equal(0.6 - 0.5 * 0.6, g[0], 12);
        Assert.Equal("expected common dtype to be floating point, yet common dtype is Long",
            Refusal(() => _ws.FromArray<long>([1], Shape.Of(1)).CosineSimilarity(_ws.FromArray<long>([1], Shape.Of(1)), 0)));
    }

    [Fact]
    public void The_distance_of_equal_points_has_the_gradient_of_its_eps()
    {
        var x = Of(1, 2).SetRequiresGrad();
        var y = x.PairwiseDistance(Of(1, 2));
        Assert.Equal("NormBackward1", y.GradFn!.Name);
        Assert.Equal(Math.Sqrt(0.5), _ws.Gradients([y], [x])[0]!.ToDoubles()[0], 6);
    }

    [Fact]
    public void Losses_refuse_in_PyTorchs_words()
    {
        Tensor v = Of(1, 2), m = Matrix(2, 1, 2, 3, 4);
        Assert.Equal("0D or 1D target tensor expected, multi-target not supported", Refusal(() => m.CosineEmbeddingLoss(m, m)));
        Assert.StartsWith("1D target tensor expects 2D input tensors, but found inputs with sizes [2] and [2]", Refusal(() => v.CosineEmbeddingLoss(v, v)), StringComparison.Ordinal);
        Assert.StartsWith("margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: torch.Size([2]), input2: torch.Size([2, 2])", Refusal(() => v.MarginRankingLoss(m, v)), StringComparison.Ordinal);
        Assert.Equal("var has negative entry/entries", Refusal(() => v.GaussianNllLoss(v, Of(1, -1))));
        Assert.Equal("var is of incorrect size", Refusal(() => m.GaussianNllLoss(m, Of(1, 1, 1))));
        Assert.Equal("margin must be greater than 0, got 0.0", Refusal(() => m.TripletMarginLoss(m, m, 0)));
        Assert.Equal("only p == 1 and p == 2 supported", Refusal(() => m.MultiMarginLoss(_ws.FromArray<long>([0, 1], Shape.Of(2)), 3L)));
        Assert.Equal("target out of range", Refusal(() => m.MultiMarginLoss(_ws.FromArray<long>([0, 2], Shape.Of(2)))));
        Assert.StartsWith("inconsistent target size, expected 2 but got [3]", Refusal(() => m.MultiMarginLoss(_ws.FromArray<long>([0, 1, 1], Shape.Of(3)))), StringComparison.Ordinal);
        Assert.Equal("Halving dimension must be even, but dimension 0 is size 3", Refusal(() => Of(1, 2, 3).Glu(0)));
        Assert.Equal("max is not a valid value for reduction", Refusal(() => v.SoftMarginLoss(v, "max")));
    }

    [Fact]
    public void Ties_of_a_scattered_maximum_share_the_gradient()
    {
        var self = Of(2).SetRequiresGrad();
        var source = Of(2, 2).SetRequiresGrad();
        var y = self.ScatterReduce(0, _ws.FromArray<long>([0, 0], Shape.Of(2)), source, "amax");
        var g = _ws.Gradients([y], [self, source]);
        Assert.Equal([1.0 / 3], g[0]!.ToDoubles());
        Assert.Equal([1.0 / 3, 1.0 / 3], g[1]!.ToDoubles());
        Assert.Equal([double.NaN], Of(1).ScatterReduce(0, _ws.FromArray<long>([0, 0], Shape.Of(2)), Of(double.NaN, 3), "amin").ToDoubles());
        Assert.Equal("reduce argument must be either sum, prod, mean, amax or amin, got add.",
            Refusal(() => Of(1).ScatterReduce(0, _ws.FromArray<long>([0], Shape.Of(1)), Of(3), "add")));
    }

    [Fact]
    public void A_scattered_product_goes_around_zeros()
    {
        var source = Of(0, 3, 0, 0).SetRequiresGrad();
        var y = Of(5, 7).ScatterReduce(0, _ws.FromArray<long>([0, 0, 1, 1], Shape.Of(4)), source, "prod");
        Assert.Equal([15, 0, 0, 0], _ws.Gradients([y.Sum()], [source])[0]!.ToDoubles());
    }

    [Fact]
    public void Embedding_with_max_norm_shrinks_the_weight_itself()
    {
        var weight = Matrix(2, 3, 4, 0.3, 0.4).SetRequiresGrad();
        int version = weight.Version;
        var y = weight.Embedding(_ws.FromArray<long>([0, 1], Shape.Of(2)), maxNorm: 1);
        Assert.Equal(0.6, y.ToDoubles()[0], 6);
        Assert.Equal(0.6, weight.ToDoubles()[0], 6);
        Assert.Equal(0.3, weight.ToDoubles()[2]);
        Assert.Equal(version + 1, weight.Version);
        Assert.True(weight.IsLeaf);
    }

    [Fact]
    public void Bags_may_be_empty_and_padding_does_not_count()
    {
        var weight = Matrix(3, 1, 2, 3, 4, 5, 6).SetRequiresGrad();
        Tensor index = _ws.FromArray<long>([0, 2, 1], Shape.Of(3)), offsets = _ws.FromArray<long>([0, 2, 3], Shape.Of(3));
        Assert.Equal([1, 2, 3, 4, 0, 0], weight.EmbeddingBag(index, offsets, mode: "mean", paddingIdx: 2).ToDoubles());
        var max = weight.EmbeddingBag(index, offsets, mode: "max");
        Assert.Equal([5, 6, 3, 4, 0, 0], max.ToDoubles());
        Assert.Equal([0, 0, 1, 1, 1, 1], _ws.Gradients([max.Sum()], [weight])[0]!.ToDoubles());
        Assert.Equal("offsets has to be a 1D Tensor but got None", Refusal(() => weight.EmbeddingBag(index, null)));
        Assert.StartsWith("offsets[0] has to be 0", Refusal(() => weight.EmbeddingBag(index, _ws.FromArray<long>([1], Shape.Of(1)))), StringComparison.Ordinal);
        Assert.StartsWith("embedding_bag: per_sample_weights was not None.", Refusal(() => weight.EmbeddingBag(index, offsets, perSampleWeights: Of(1, 1, 1))), StringComparison.Ordinal);
    }
}
