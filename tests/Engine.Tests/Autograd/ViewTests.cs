using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class ViewTests : AutogradTest
{
    [Fact]
    public void Writing_through_a_view_rewrites_the_bases_history()
    {
        var x = Leaf(1, 2, 3);
        var y = x * 1;
        y.AsStrided([2], [1], 0).MulInPlace(10);
        Assert.Equal("torch::autograd::CopySlices", y.GradFn!.Name);
        Backward(y.Sum());
        Assert.Equal([10, 10, 1], GradOf(x));
    }

    [Fact]
    public void Writing_to_the_base_refreshes_stale_views()
    {
        var x = Leaf(1, 2, 3);
        var y = x * 1;
        var v = y.AsStrided([2], [1], 0);
        y.MulInPlace(10);
        Assert.Equal("AsStridedBackward0", v.GradFn!.Name);
        Assert.Equal("MulBackward0", y.GradFn!.Name);
        Backward(v.Sum());
        Assert.Equal([10, 10, 0], GradOf(x));
    }

    [Fact]
    public void A_requiring_value_written_into_a_plain_base_makes_it_require_grad()
    {
        var b = Plain(1, 2, 3);
        var x = Leaf(5);
        b.AsStrided([1], [1], 1).CopyInPlace(x);
        Assert.True(b.RequiresGrad && !b.IsLeaf);
        Backward(b.Sum());
        Assert.Equal([1], GradOf(x));
        Assert.Equal([1, 5, 3], b.ToDoubles());
    }

    [Fact]
    public void Overwritten_elements_get_zero_gradient()
    {
        var x = Leaf(1, 2, 3);
        var y = x * 1;
        y.AsStrided([1], [1], 1).CopyInPlace(Plain(9));
        Backward((y * Plain(1, 10, 100)).Sum());
        Assert.Equal([1, 0, 100], GradOf(x));
    }

    [Fact]
    public void A_view_of_a_view_points_to_the_root()
    {
        var y = Leaf(1, 2, 3, 4) * 1;
        var v = y.View([2, 2]).Transpose(0, 1);
        Assert.Same(y, v.ViewBase);
        v.AsStrided([1], [1], 3).MulInPlace(7);
        Assert.Equal([1, 2, 3, 28], y.ToDoubles());
        Assert.Equal("torch::autograd::CopySlices", y.GradFn!.Name);
    }

    [Fact]
    public void Second_derivatives_flow_through_a_write_to_a_view()
    {
        var x = Leaf(2, 3);
        var y = x * x;
        y.AsStrided([1], [1], 0).MulInPlace(x.AsStrided([1], [1], 0));
        var g = Ws.Gradients([y.Sum()], [x], createGraph: true)[0]!; // (3 x0^2, 2 x1)
        Assert.Equal([12, 6], g.ToDoubles());
        Assert.Equal([12, 2], Ws.Gradients([g.Sum()], [x])[0]!.ToDoubles());
    }

    [Fact]
    public void Views_made_under_no_grad_may_not_be_written_with_grad()
    {
        var y = Leaf(1, 2) * 1;
        Tensor v;
        using (Ws.NoGrad()) v = y.View([2, 1]);
        Refuses(ErrorReason.ViewModified, "A view was created in no_grad mode and is being modified inplace with grad mode enabled.", () => v.MulInPlace(2));
        using (Ws.NoGrad()) v.MulInPlace(2);
        Assert.Equal([2, 4], y.ToDoubles());
    }

    [Fact]
    public void Overlapping_memory_may_not_be_written() =>
        Refuses(ErrorReason.ViewModified, "unsupported operation: more than one element of the written-to tensor refers to a single memory location.", () => Plain(1).Expand([3]).AddInPlace(1));

    [Fact]
    public void An_in_place_result_must_fit_in_shape_and_dtype()
    {
        Refuses(ErrorReason.DtypeUnsupported, "result type Float can't be cast to the desired output type Long", () => Ws.FromArray<long>([1], Shape.Of(1)).AddInPlace(0.5));
        Refuses(ErrorReason.ShapeMismatch, "output with shape [2] doesn't match the broadcast shape [3, 2]", () => Plain(1, 2).AddInPlace(Ws.FromArray<double>(new double[6], Shape.Of(3, 2))));
    }

    [Fact]
    public void Detach_shares_memory_and_is_a_leaf()
    {
        var x = Leaf(1, 2);
        var d = x.Detach();
        Assert.True(!d.RequiresGrad && d.IsLeaf && !d.IsView);
        d.MulInPlace(2);
        Assert.Equal([2, 4], x.ToDoubles());
        var y = x * 1;
        y.DetachInPlace();
        Assert.True(!y.RequiresGrad && y.IsLeaf);
        Refuses(ErrorReason.ViewModified, "Can't detach views in-place.", () => (x * 1).View([2, 1]).DetachInPlace());
    }

    [Fact]
    public void Reshape_views_where_it_can()
    {
        var m = Ws.FromArray<double>([1, 2, 3, 4, 5, 6], Shape.Of(2, 3));
        Assert.True(m.Reshape([3, 2]).IsView);
        var t = m.Transpose(0, 1);
        Assert.False(t.Reshape([6]).IsView);
        Assert.Equal([1, 4, 2, 5, 3, 6], t.Reshape([6]).ToDoubles());
        Refuses(ErrorReason.InvalidShape, "view size is not compatible with input tensor's size and stride", () => t.View([6]));
        Refuses(ErrorReason.InvalidShape, "shape '[4, 2]' is invalid for input of size 6", () => m.Reshape([4, 2]));
    }

    [Fact]
    public void Grad_finds_its_inputs_behind_a_view_that_was_stale_when_it_was_used()
    {
        var x = Leaf(1, 2);
        var y = x * 1;
        var v = y.View([2, 1]);
        y.MulInPlace(3);
        Assert.Equal([3, 3], Ws.Gradients([v.Clone().Sum()], [x])[0]!.ToDoubles());
    }
}
