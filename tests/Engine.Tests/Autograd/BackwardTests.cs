using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class BackwardTests
{
    private readonly Workspace _ws = new();

    private Tensor Leaf(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length)).SetRequiresGrad();

    [Fact]
    public void Product_rule_and_accumulation()
    {
        var x = Leaf(2, 3);
        var y = (x * x + x).Sum();
        _ws.Backward([y]);
        Assert.Equal([5, 7], x.Grad!.ToDoubles());
        _ws.Backward([(x * 3).Sum()]);
        Assert.Equal([8, 10], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Second_backward_needs_retain_graph()
    {
        var x = Leaf(2);
        var y = x * 2;
        _ws.Backward([y], retainGraph: true);
        _ws.Backward([y]);
        Assert.Equal(ErrorReason.GraphFreed, Assert.Throws<AutogradException>(() => _ws.Backward([y])).Reason);
        var z = x + 1;
        _ws.Backward([z]);
        _ws.Backward([z]);
    }

    [Fact]
    public void In_place_through_a_view_rewrites_the_base()
    {
        var x = Leaf(1, 2, 3);
        var y = x * 1;
        var v = y.AsStrided([2], [1], 0);
        v.MulInPlace(10);
        Assert.Equal("torch::autograd::CopySlices", y.GradFn!.Name);
        Assert.Equal("AsStridedBackward0", v.GradFn!.Name);
        _ws.Backward([y.Sum()]);
        Assert.Equal([10, 10, 1], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Double_backward()
    {
        var x = Leaf(2, 3);
        var y = (x * x * x).Sum();
        var g = _ws.Gradients([y], [x], createGraph: true)[0]!;
        Assert.Equal([12, 27], g.ToDoubles());
        var gg = _ws.Gradients([g.Sum()], [x])[0]!;
        Assert.Equal([12, 18], gg.ToDoubles());
    }

    [Fact]
    public void A_chain_of_a_million_ops_runs_and_is_dropped()
    {
        long before;
        Tensor x;
        x = Leaf(1);
        x.Retain();
        before = _ws.LiveBytes;
        using (_ws.Scope())
        {
            var y = x;
            for (int i = 0; i < 1_000_000; i++) y = y + 1;
            _ws.Backward([y]);
            Assert.Equal([1], x.Grad!.ToDoubles());
            x.SetGrad(null);
        }
        Assert.Equal(before, _ws.LiveBytes);
        Assert.Equal(0, _ws.LiveNodes);
    }
}
