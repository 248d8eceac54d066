using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class AccumulationTests : AutogradTest
{
    [Fact]
    public void The_second_gradient_adds_into_the_same_tensor()
    {
        var x = Leaf(1);
        Backward(x * 2);
        var first = x.Grad!.Retain();
        Backward(x * 2);
        Assert.Same(first, x.Grad);
        Assert.Equal([4], GradOf(x));
        Assert.Equal(1, first.Version);
    }

    [Fact]
    public void Under_create_graph_it_adds_out_of_place()
    {
        var x = Leaf(1);
        Backward(x * 2, createGraph: true);
        var first = x.Grad!.Retain();
        Backward(x * 2, createGraph: true);
        Assert.NotSame(first, x.Grad);
        Assert.Equal([2], first.ToDoubles());
        Assert.Equal([4], GradOf(x));
    }

    [Fact]
    public void Create_graph_records_the_gradient()
    {
        var x = Leaf(3);
        Backward(x * x, createGraph: true);
        Assert.True(x.Grad!.RequiresGrad);
        Assert.Equal("torch::autograd::CopyBackwards", x.Grad.GradFn!.Name);
    }

    [Fact]
    public void The_first_gradient_never_aliases_the_one_that_was_given()
    {
        var x = Leaf(1, 1);
        var g = Plain(5, 6);
        Backward(x + 0, g);
        g.MulInPlace(0);
        Assert.Equal([5, 6], GradOf(x));
        var z = Leaf(1, 1);
        Ws.Backward([z + x], [Plain(1, 2)]);
        z.Grad!.MulInPlace(0);
        Assert.Equal([6, 8], GradOf(x));
    }

    [Fact]
    public void A_leaf_used_twice_sums() 
    {
        var x = Leaf(3);
        Backward(x * x + x);
        Assert.Equal([7], GradOf(x));
        Assert.False(x.Grad!.RequiresGrad);
    }

    [Fact]
    public void The_gradient_has_the_leafs_dtype()
    {
        var a = Ws.FromArray<float>([1, 2], Shape.Of(2)).SetRequiresGrad();
        var b = Leaf(3, 4);
        Backward((a * b).Sum());
        Assert.Equal(DType.Float32, a.Grad!.DType);
        Assert.Equal(DType.Float64, b.Grad!.DType);
        Backward(b * 1, Ws.FromArray<float>([2, 2], Shape.Of(2)));
        Assert.Equal([3, 4], b.Grad!.ToDoubles());
    }

    [Fact]
    public void An_assigned_gradient_must_fit()
    {
        var x = Leaf(1);
        Refuses(ErrorReason.InvalidGradState, "attempting to assign a gradient of size '[2]' to a tensor of size '[1]'. Please ensure that the gradient and the tensor are the same size", () => x.SetGrad(Plain(1, 2)));
        Refuses(ErrorReason.InvalidGradState, "attempting to assign a gradient with dtype 'float' to a tensor with dtype 'double'.", () => x.SetGrad(Ws.FromArray<float>([1], Shape.Of(1))));
        Refuses(ErrorReason.InvalidGradState, "can't assign Variable as its own grad", () => x.SetGrad(x));
        var plain = Plain(1);
        plain.SetGrad(Plain(1));
        Assert.Equal([1], GradOf(plain));
    }

    [Fact]
    public void A_non_leaf_has_no_gradient_unless_it_retains_it()
    {
        var x = Leaf(2);
        var y = x * 3;
        var z = y * y;
        Backward(z, retainGraph: true);
        Assert.Null(y.Grad);
        y.RetainGrad();
        Backward(z);
        Assert.Equal([12], GradOf(y));
        x.RetainGrad();
        Assert.False(x.RetainsGrad);
        Refuses(ErrorReason.InvalidGradState, "can't retain_grad on Tensor that has requires_grad=False", () => Plain(1).RetainGrad());
    }

    [Fact]
    public void A_retained_gradient_belongs_to_the_new_value_after_an_in_place_op()
    {
        var x = Leaf(1);
        var y = x * 1;
        y.RetainGrad();
        y.MulInPlace(3);
        Backward(y);
        Assert.Equal([1], GradOf(y));
        Assert.Equal([3], GradOf(x));
    }

    [Fact]
    public void Broadcast_gradients_are_summed_to_the_operands_shape()
    {
        var a = Ws.FromArray<double>([1, 2, 3], Shape.Of(3, 1)).SetRequiresGrad();
        var b = Ws.FromArray<double>([1, 2, 3, 4], Shape.Of(4)).SetRequiresGrad();
        var c = Ws.FromArray<double>([2], Shape.Scalar).SetRequiresGrad();
        Backward((a + b + c).Sum());
        Assert.Equal([4, 4, 4], GradOf(a));
        Assert.Equal([3, 3, 3, 3], GradOf(b));
        Assert.Equal([12], GradOf(c));
        Assert.Equal(Shape.Of(3, 1), a.Grad!.Shape);
        var empty = Ws.FromArray<double>([], Shape.Of(0, 3)).SetRequiresGrad();
        Backward((empty + a.View([1, 3])).Sum());
        Assert.Equal(Shape.Of(0, 3), empty.Grad!.Shape);
    }
}
