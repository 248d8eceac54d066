using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class SoftmaxTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void Infinities()
    {
        var x = _ws.FromArray<double>([double.NegativeInfinity, 0], Shape.Of(2)).SetRequiresGrad();
        Assert.Equal([0, 1], x.Softmax(0).ToDoubles());
        Assert.Equal([0, 0], _ws.Gradients([x.Softmax(0).Sum()], [x])[0]!.ToDoubles());
        var all = _ws.FromArray<double>([double.NegativeInfinity, double.NegativeInfinity], Shape.Of(2));
        Assert.Equal([double.NaN, double.NaN], all.Softmax(0).ToDoubles());
        Assert.Equal([double.NaN, double.NaN], all.LogSoftmax(0).ToDoubles());
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        var x = _ws.FromArray<double>([1000, 1000], Shape.Of(2));
        Assert.Equal([0.5, 0.5], x.Softmax(0).ToDoubles());
        Assert.Equal([-Math.Log(2), -Math.Log(2)], x.LogSoftmax(0).ToDoubles());
    }

    [Fact]
    public void Only_floats()
    {
        var x = _ws.FromArray<long>([1, 2], Shape.Of(2));
        Assert.Equal(ErrorReason.DtypeUnsupported, Assert.Throws<AutogradException>(() => x.Softmax(0)).Reason);
        Assert.Equal(DType.Float64, x.Softmax(0, DType.Float64).DType);
    }

    [Fact]
    public void Running_extrema_keep_nan_and_the_last_of_equals()
    {
        var x = _ws.FromArray<double>([1, 1, double.NaN, 5], Shape.Of(4));
        var (values, indices) = x.Cummax(0);
        Assert.Equal([1, 1, double.NaN, double.NaN], values.ToDoubles());
        Assert.Equal([0, 1, 2, 2], indices.ToDoubles());
    }
}
