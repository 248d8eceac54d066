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

    [Fact]
    public void Unique_slices_come_in_lexicographic_order()
    {
        var x = _ws.FromArray<double>([2, 1, 0, 5, 2, 1, 0, 4], Shape.Of(4, 2));
        var (output, inverse, counts) = x.Unique(returnInverse: true, returnCounts: true, dim: 0);
        Assert.Equal(Shape.Of(3, 2), output.Shape);
        Assert.Equal([0, 4, 0, 5, 2, 1], output.ToDoubles());
        Assert.Equal([2, 1, 2, 0], inverse.ToDoubles());
        Assert.Equal([1, 1, 2], counts.ToDoubles());
        var columns = x.Transpose(0, 1).UniqueConsecutive(dim: 1);
        Assert.Equal(Shape.Of(2, 4), columns.Output.Shape);
        Assert.Equal([2, 0, 2, 0, 1, 5, 1, 4], columns.Output.ToDoubles());
    }

    [Fact]
    public void Unique_tells_NaN_from_NaN()
    {
        var (output, inverse, _) = _ws.FromArray<double>([double.NaN, 1, double.NaN, 1], Shape.Of(4)).Unique(returnInverse: true);
        Assert.Equal([1, double.NaN, double.NaN], output.ToDoubles());
        Assert.Equal([1, 0, 2, 0], inverse.ToDoubles());
    }

    [Theory]
    [InlineData(DType.Bool), InlineData(DType.UInt8), InlineData(DType.Float16)]
    public void Unique_takes_every_dtype(DType dtype)
    {
        var x = _ws.FromArray<double>([1, 0, 1], Shape.Of(3), dtype);
        Assert.Equal(dtype, x.Unique().Output.DType);
        Assert.Equal([0, 1], x.Unique().Output.ToDoubles());
        Assert.Equal([0, 1], x.Unique(dim: 0).Output.ToDoubles());
    }

    [Fact]
    public void Unique_refuses_backward_and_empty_slices()
    {
        var x = _ws.FromArray<double>([1, 1], Shape.Of(2)).SetRequiresGrad();
        var y = x.UniqueConsecutive().Output;
        Assert.True(y.RequiresGrad);
        Assert.Equal("the derivative for 'unique_consecutive' is not implemented.", Assert.Throws<AutogradException>(() => _ws.Gradients([y.Sum()], [x])).Message);
        Assert.StartsWith("There are 0 sized dimensions", Assert.Throws<AutogradException>(() => _ws.Zeros([2, 0]).Unique(dim: 0)).Message, StringComparison.Ordinal);
    }
}
