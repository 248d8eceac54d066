using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Conventions of quantiles, distances, searches and selections that samples do not show.</summary>
public sealed class StatisticsTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void Selecting_agrees_with_sorting()
    {
        var random = new Random(5);
        foreach (int n in (int[])[1, 20, 100, 1000])
            foreach (int distinct in (int[])[1, 3, 100000])
            {
                var x = _ws.FromArray<double>([.. Enumerable.Range(0, n).Select(_ => random.Next(20) == 0 ? double.NaN : random.Next(distinct))], Shape.Of(n));
                foreach (bool descending in (bool[])[false, true])
                {
                    var (values, indices) = x.Sort(descending: descending);
                    foreach (long k in (long[])[1, n / 10, n / 2, n])
                    {
                        var (top, places) = x.Topk(k, largest: descending);
                        Assert.Equal(values.ToDoubles()[..(int)k], top.ToDoubles());
                        Assert.Equal(indices.ToDoubles()[..(int)k], places.ToDoubles());
                        if (descending || k == 0) continue;
                        var (value, index) = x.Kthvalue(k);
                        Assert.Equal(values.ToDoubles()[k - 1], value.Item());
                        Assert.Equal(value.Item(), x.Select(0, (long)index.Item()).Item());
                    }
                }
            }
    }

    [Fact]
    public void Quantile_splits_its_gradient_by_the_weights_of_neighbours()
    {
        var x = _ws.FromArray<double>([1, 4, 2, 8], Shape.Of(4)).SetRequiresGrad();
        _ws.Backward([x.Quantile(0.5)]);
        Assert.Equal([0, 0.5, 0.5, 0], x.Grad!.ToDoubles());
        Assert.Equal(double.NaN, _ws.FromArray<double>([1, double.NaN], Shape.Of(2)).Quantile(0.1).Item());
        Assert.Equal(1, _ws.FromArray<double>([1, double.NaN], Shape.Of(2)).Nanquantile(0.9).Item());
        Assert.Equal("quantile() q must be in the range [0, 1] but got 1.5", Assert.Throws<AutogradException>(() => x.Quantile(1.5)).Message);
        Assert.Equal("quantile() q values must be in the range [0, 1]", Assert.Throws<AutogradException>(() => x.Quantile(_ws.FromArray<double>([2], Shape.Of(1)))).Message);
    }

    [Fact]
    public void Distance_zero_has_a_zero_gradient()
    {
        foreach (double p in (double[])[0, 1, 1.5, 2, 3, double.PositiveInfinity])
        {
            var x = _ws.Ones([1, 2], DType.Float64).SetRequiresGrad();
            _ws.Backward([x.Cdist(_ws.Ones([1, 2], DType.Float64), p)]);
            Assert.Equal([0, 0], x.Grad!.ToDoubles());
        }
    }

    [Fact]
    public void Searches_put_nan_last_and_refuse_contradictions()
    {
        var row = _ws.FromArray<double>([1, 2, double.NaN], Shape.Of(3));
        Assert.Equal([2, 1], row.Searchsorted(_ws.FromArray<double>([double.NaN, 2], Shape.Of(2))).ToDoubles().Select(v => Math.Min(v, 2)));
        Assert.Equal("torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True",
            Assert.Throws<AutogradException>(() => row.Searchsorted(row, right: true, side: "left")).Message);
    }
}
