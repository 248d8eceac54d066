namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>The .grad field: who fills it, and what may be put there.</summary>
public sealed class AccumulationBehaviours : BehaviourGroup
{
    [Behaviour("acc.identity")]
    public object A_second_gradient_adds_in_place()
    {
        var x = Leaf(1);
        Backward(x * 2);
        var first = x.Grad!.Retain();
        Backward(x * 2);
        return (object[])[ReferenceEquals(first, x.Grad), x.Grad, first.Version];
    }

    [Behaviour("acc.create_graph_out_of_place")]
    public object Under_create_graph_out_of_place()
    {
        var x = Leaf(1);
        Backward(x * 2, createGraph: true);
        var first = x.Grad!.Retain();
        Backward(x * 2, createGraph: true);
        return (object[])[ReferenceEquals(first, x.Grad), first, x.Grad];
    }

    [Behaviour("acc.first_grad_steals_or_copies")]
    public object The_first_gradient_is_not_the_one_given()
    {
        var x = Leaf(1, 2);
        var g = Plain(1, 1);
        Backward(x + 0, g);
        return (bool[])[ReferenceEquals(x.Grad, g), Share(x.Grad!, g)];
    }

    [Behaviour("acc.assign_wrong_shape")]
    public void A_gradient_of_another_shape() => Leaf(1).SetGrad(Plain(1, 2));

    [Behaviour("acc.assign_wrong_dtype")]
    public void A_gradient_of_another_dtype() => Leaf(1).SetGrad(Plain32(1));

    [Behaviour("acc.assign_self")]
    public void The_tensor_itself()
    {
        var x = Leaf(1);
        x.SetGrad(x);
    }

    [Behaviour("acc.assign_on_nonrequires")]
    public object? A_gradient_for_what_requires_none()
    {
        var x = Plain(5);
        x.SetGrad(Plain(1));
        return x.Grad;
    }

    [Behaviour("acc.none_before")]
    public object? Before_any_backward() => Leaf(1).Grad;

    [Behaviour("acc.grad_requires_grad_false")]
    public object Does_not_require_grad_itself()
    {
        var x = Leaf(3);
        Backward(x * x);
        return x.Grad!.RequiresGrad;
    }

    [Behaviour("acc.leaf_used_twice")]
    public object? Of_a_leaf_used_twice()
    {
        var x = Leaf(3);
        Backward(x * x + x);
        return x.Grad;
    }

    [Behaviour("grad.nonleaf_access")]
    public object? Of_a_non_leaf()
    {
        var x = Leaf(1);
        var y = x * 2;
        Backward(y * 3);
        return y.Grad;
    }

    [Behaviour("grad.nonleaf_after_retain_grad")]
    public object Of_a_non_leaf_that_retains_it()
    {
        var y = Leaf(1) * 2;
        y.RetainGrad();
        Backward(y * 3);
        return (object?[])[y.Grad, y.RetainsGrad];
    }

    [Behaviour("grad.retain_grad_on_leaf")]
    public object A_leaf_asked_to_retain_it()
    {
        var x = Leaf(1);
        x.RetainGrad();
        return x.RetainsGrad;
    }

    [Behaviour("grad.retain_grad_no_requires")]
    public void Retained_by_what_requires_none() => Plain(1).RetainGrad();

    [Behaviour("grad.retain_grad_inplace")]
    public object Retained_across_an_in_place_op()
    {
        var x = Leaf(1);
        var y = x * 1;
        y.RetainGrad();
        y.MulInPlace(3);
        Backward(y);
        return (object?[])[y.Grad, x.Grad];
    }
}
