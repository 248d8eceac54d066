using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class BackwardRuleTests : AutogradTest
{
    [Fact]
    public void An_implicit_gradient_needs_one_element()
    {
        var x = Leaf(1, 2);
        Refuses(ErrorReason.GradOutputRequired, "grad can be implicitly created only for scalar outputs", () => Backward(x * 2));
        var one = Leaf(1);
        Backward(one * 2);
        Assert.Equal([2], GradOf(one));
        Backward((one * 2).View([1, 1]));
        Assert.Equal([4], GradOf(one));
    }

    [Fact]
    public void A_given_gradient_must_match_exactly()
    {
        var y = Leaf(1, 2) * 2;
        Refuses(ErrorReason.ShapeMismatch, "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of torch.Size([2]).", () => Backward(y, Plain(1, 1, 1)));
        Refuses(ErrorReason.ShapeMismatch, "Mismatch in shape: grad_output[0] has a shape of torch.Size([1]) and output[0] has a shape of torch.Size([2]).", () => Backward(y, Plain(1)));
        Refuses(ErrorReason.InvalidAttribute, "got 2 tensors and 1 gradients", () => Ws.Backward([y, y], [Plain(1, 1)]));
    }

    [Fact]
    public void A_root_must_require_grad() =>
        Refuses(ErrorReason.NoGradPath, "element 0 of tensors does not require grad and does not have a grad_fn", () => Backward(Plain(1)));

    [Fact]
    public void Leaf_roots_several_roots_and_duplicate_roots_work()
    {
        var x = Leaf(2);
        Backward(x);
        Assert.Equal([1], GradOf(x));
        x.SetGrad(null);
        var y = x * 2;
        Ws.Backward([y, x * 3]);
        Assert.Equal([5], GradOf(x));
        x.SetGrad(null);
        var z = x * 2;
        Ws.Backward([z, z]);
        Assert.Equal([4], GradOf(x));
        x.SetGrad(null);
        var inner = x * 2;
        Ws.Backward([inner * 3, inner]);
        Assert.Equal([8], GradOf(x));
    }

    [Fact]
    public void It_works_inside_no_grad()
    {
        var x = Leaf(1);
        var y = x * 2;
        using (Ws.NoGrad()) Backward(y);
        Assert.Equal([2], GradOf(x));
    }

    [Fact]
    public void A_second_backward_fails_only_where_something_was_saved()
    {
        var x = Leaf(1);
        var shared = x.Exp();
        Backward(shared * 1);
        Refuses(ErrorReason.GraphFreed, "Trying to backward through the graph a second time", () => Backward(shared + 1));
        var y = Leaf(1) * Plain(2);
        Backward(y);
        Refuses(ErrorReason.GraphFreed, "Trying to backward through the graph a second time", () => Backward(y));
    }

    [Fact]
    public void Chosen_inputs_get_gradients_and_nothing_else_does()
    {
        var x = Leaf(2);
        var w = Leaf(3);
        Ws.Backward([x * w], inputs: [w]);
        Assert.Null(x.Grad);
        Assert.Equal([2], GradOf(w));
        var mid = x * 3;
        Ws.Backward([mid * mid], inputs: [mid]);
        Assert.Equal([12], GradOf(mid));
        Assert.Null(x.Grad);
        var apart = Leaf(1);
        Ws.Backward([x * 1], inputs: [apart]);
        Assert.Null(apart.Grad);
        Refuses(ErrorReason.InvalidAttribute, "`inputs` argument to `backward()` cannot be empty.", () => Ws.Backward([x * 1], chosen: true));
        Refuses(ErrorReason.InvalidGradState, "can't retain_grad on Tensor that has requires_grad=False", () => Ws.Backward([x * 1], inputs: [Plain(1)]));
    }

    [Fact]
    public void Grad_touches_no_grad_field()
    {
        var x = Leaf(2);
        var y = x * x;
        Assert.Equal([4], Ws.Gradients([y], [x])[0]!.ToDoubles());
        Assert.Null(x.Grad);
        Refuses(ErrorReason.GraphFreed, "Trying to backward", () => Ws.Gradients([y], [x]));
    }

    [Fact]
    public void Grad_of_unused_duplicate_and_non_leaf_inputs()
    {
        var x = Leaf(2);
        var unused = Leaf(1, 1);
        Refuses(ErrorReason.NoGradPath, "One of the differentiated Tensors appears to not have been used in the graph.", () => Ws.Gradients([x * 2], [x, unused]));
        Assert.Null(Ws.Gradients([x * 2], [x, unused], allowUnused: true)[1]);
        Assert.Equal([0, 0], Ws.Gradients([x * 2], [x, unused], materialize: true)[1]!.ToDoubles());
        Refuses(ErrorReason.InvalidAttribute, "Expected allow_unused to be True or not passed when materialize_grads=True", () => Ws.Gradients([x * 2], [x], allowUnused: false, materialize: true));
        Refuses(ErrorReason.NoGradPath, "One of the differentiated Tensors does not require grad", () => Ws.Gradients([x * 2], [Plain(1)]));
        Refuses(ErrorReason.InvalidAttribute, "grad requires non-empty inputs.", () => Ws.Gradients([x * 2], []));
        var twice = Ws.Gradients([x * 3], [x, x]);
        Assert.Equal([3], twice[0]!.ToDoubles());
        Assert.Equal([3], twice[1]!.ToDoubles());
        var mid = x * 2;
        Assert.Equal([3], Ws.Gradients([mid * 3], [mid])[0]!.ToDoubles());
    }

    [Fact]
    public void Second_order_needs_create_graph()
    {
        var x = Leaf(2);
        Assert.False(Ws.Gradients([x * x * x], [x])[0]!.RequiresGrad);
        Assert.True(Ws.Gradients([x * x * x], [x], createGraph: true)[0]!.RequiresGrad);
        // The derivative of a linear function is a constant: it does not require grad even then.
        Assert.False(Ws.Gradients([x * 2], [x], createGraph: true)[0]!.RequiresGrad);
    }

    [Fact]
    public void A_zero_gradient_times_infinity_is_nan()
    {
        var x = Leaf(1);
        Backward(x * Plain(double.PositiveInfinity), Plain(0));
        Assert.Equal([double.NaN], GradOf(x));
    }

    [Fact]
    public void Cancelling_between_nodes_leaves_the_graph_usable()
    {
        var x = Leaf(1);
        var y = x * 2;
        Ws.Cancellation = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Backward(y));
        Ws.Cancellation = default;
        Assert.Null(x.Grad);
        Backward(y);
        Assert.Equal([2], GradOf(x));
    }
}
