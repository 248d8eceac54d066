namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>torch.autograd.grad.</summary>
public sealed class GradBehaviours : BehaviourGroup
{
    [Behaviour("grad.unused")]
    public object An_unused_input() => Ws.Gradients([Leaf(1) * 2], [Leaf(1)]);

    [Behaviour("grad.allow_unused")]
    public object An_unused_input_allowed()
    {
        var x = Leaf(1);
        return Ws.Gradients([x * 2], [x, Leaf(1)], allowUnused: true);
    }

    [Behaviour("grad.materialize")]
    public object An_unused_input_as_zeros()
    {
        var x = Leaf(1);
        return Ws.Gradients([x * 2], [x, Leaf(1, 2)], materialize: true);
    }

    [Behaviour("grad.materialize_allow_unused_false")]
    public object Zeros_for_what_is_not_allowed()
    {
        var x = Leaf(1);
        return Ws.Gradients([x * 2], [x], allowUnused: false, materialize: true);
    }

    [Behaviour("grad.input_not_requires")]
    public object An_input_that_requires_no_grad() => Ws.Gradients([Leaf(1) * 2], [Plain(1)]);

    [Behaviour("grad.no_accumulate")]
    public object? Touches_no_grad_field()
    {
        var x = Leaf(1);
        Ws.Gradients([x * 2], [x]);
        return x.Grad;
    }

    [Behaviour("grad.nonleaf_input")]
    public object? Of_a_non_leaf()
    {
        var y = Leaf(1) * 2;
        return Ws.Gradients([y * 3], [y])[0];
    }

    [Behaviour("grad.duplicate_inputs")]
    public object The_same_input_twice()
    {
        var x = Leaf(1);
        return Ws.Gradients([x * 3], [x, x]);
    }

    [Behaviour("grad.frees_graph")]
    public object Twice()
    {
        var x = Leaf(2);
        var y = x * x;
        Ws.Gradients([y], [x]);
        return Ws.Gradients([y], [x]);
    }

    [Behaviour("grad.batched")]
    public object? Batched()
    {
        var x = Leaf(1, 2);
        return Ws.BatchedGradients([x * x], [x], [Ws.Eye(2, dtype: DType.Float64)])[0];
    }

    [Behaviour("grad.batched_shape_err")]
    public object Batched_with_another_shape()
    {
        var x = Leaf(1, 2);
        return Ws.BatchedGradients([x * x], [x], [Plain(1, 1)]);
    }

    [Behaviour("grad.empty_inputs")]
    public object Without_inputs() => Ws.Gradients([Leaf(1) * 2], []);

    [Behaviour("grad.nonscalar")]
    public object Of_several_elements_without_gradient()
    {
        var x = Leaf(1, 2);
        return Ws.Gradients([x * 2], [x]);
    }

    [Behaviour("grad.shape_mismatch")]
    public object With_a_gradient_of_another_shape()
    {
        var x = Leaf(1, 2);
        return Ws.Gradients([x * 2], [x], [Plain(1, 1, 1)]);
    }

    [Behaviour("grad.second_order")]
    public object Of_gradients()
    {
        var x = Leaf(2);
        var first = Ws.Gradients([x * x * x], [x], createGraph: true)[0]!;
        var second = Ws.Gradients([first], [x], createGraph: true)[0]!;
        var third = Ws.Gradients([second], [x])[0]!;
        return (double[])[first.Item(), second.Item(), third.Item()];
    }

    [Behaviour("grad.second_order_without_create_graph")]
    public object Of_a_gradient_that_was_not_recorded()
    {
        var x = Leaf(2);
        return Ws.Gradients([Ws.Gradients([x * x], [x])[0]!], [x]);
    }

    [Behaviour("grad.linear_second_order")]
    public object Of_the_gradient_of_a_linear_function()
    {
        var x = Leaf(2);
        return Ws.Gradients([Ws.Gradients([x * 3], [x], createGraph: true)[0]!], [x]);
    }
}
