using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class SortingTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void Equal_elements_keep_their_order_and_nan_is_largest()
    {
        var x = _ws.FromArray<double>([2, double.NaN, 1, 2], Shape.Of(4));
        var (values, indices) = x.Sort();
        Assert.Equal([1, 2, 2, double.NaN], values.ToDoubles());
        Assert.Equal([2, 0, 3, 1], indices.ToDoubles());
        (values, indices) = x.Sort(descending: true);
        Assert.Equal([double.NaN, 2, 2, 1], values.ToDoubles());
        Assert.Equal([1, 0, 3, 2], indices.ToDoubles());
    }

    [Fact]
    public void Gradients_go_back_where_the_values_came_from()
    {
        var x = _ws.FromArray<double>([3, 1, 2], Shape.Of(3)).SetRequiresGrad();
        var weights = _ws.FromArray<double>([1, 10, 100], Shape.Of(3));
        Assert.Equal([100, 1, 10], _ws.Gradients([x.Sort().Values.Mul(weights).Sum()], [x])[0]!.ToDoubles());
        Assert.Equal([1, 0, 0], _ws.Gradients([x.Topk(1).Values.Sum()], [x])[0]!.ToDoubles());
        Assert.Equal([0, 0, 1], _ws.Gradients([x.Kthvalue(2).Values.Sum()], [x])[0]!.ToDoubles());
    }

    [Fact]
    public void More_than_there_are_is_refused()
    {
        var x = _ws.FromArray<double>([3, 1, 2], Shape.Of(3));
        Assert.Equal("selected index k out of range", Assert.Throws<AutogradException>(() => x.Topk(4)).Message);
        Assert.Equal("kthvalue(): selected number k out of range for dimension 0", Assert.Throws<AutogradException>(() => x.Kthvalue(4)).Message);
    }
}
