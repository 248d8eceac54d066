namespace AutogradService.Engine.Tests.Behaviours;

public sealed class BackwardBehaviours : BehaviourGroup
{
    [Behaviour("backward.no_requires_grad")]
    public void A_root_that_requires_no_grad() => Backward(Plain(1) * 2);

    [Behaviour("backward.nonscalar_no_grad")]
    public void A_root_of_several_elements_without_gradient() => Backward(Leaf(1, 2) * 2);

    [Behaviour("backward.one_element_vector_ok")]
    public object? A_root_of_one_element()
    {
        var x = Leaf(1);
        Backward(x * 2);
        return x.Grad;
    }

    [Behaviour("backward.2d_one_elem_ok")]
    public object? A_root_of_one_element_in_two_dims()
    {
        var x = LeafOf(Shape.Of(1, 1), 1);
        Backward(x * 2);
        return x.Grad;
    }

    [Behaviour("backward.grad_shape_mismatch")]
    public void A_gradient_of_another_shape() => Backward(Leaf(1, 2) * 2, Plain(1, 1, 1));

    [Behaviour("backward.grad_broadcastable_mismatch")]
    public void A_gradient_that_would_broadcast() => Backward(Leaf(1, 2) * 2, Plain(1));

    [Behaviour("backward.grad_dtype_mismatch")]
    public object A_gradient_of_another_dtype()
    {
        var x = Leaf(1, 2);
        Backward(x * 2, Plain32(1, 1));
        return (object[])[x.Grad!, x.Grad!.DType];
    }

    [Behaviour("backward.int_gradient")]
    public object An_integer_gradient()
    {
        var x = Leaf(1, 2);
        Backward(x * 2, Ints(1, 1));
        return (object[])[x.Grad!, x.Grad!.DType];
    }

    [Behaviour("backward.twice")]
    public void Twice()
    {
        var x = Leaf(2);
        var y = x * x;
        Backward(y);
        Backward(y);
    }

    [Behaviour("backward.twice_no_saved_ok")]
    public object? Twice_where_nothing_was_saved()
    {
        var x = Leaf(1, 2);
        var y = (x + 1).Sum();
        Backward(y);
        Backward(y);
        return x.Grad;
    }

    [Behaviour("backward.twice_shared_subgraph")]
    public void Two_roots_over_one_that_saved()
    {
        var shared = Leaf(1).Exp();
        Backward(shared * 2);
        Backward(shared * 3);
    }

    [Behaviour("backward.twice_retain")]
    public object? Twice_retaining_the_graph()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        Backward(y, retainGraph: true);
        Backward(y);
        return x.Grad;
    }

    [Behaviour("backward.mul_by_const_twice")]
    public void Twice_through_a_product_with_a_number()
    {
        var y = Leaf(1) * 2;
        Backward(y);
        Backward(y);
    }

    [Behaviour("backward.mul_nonreq_tensor_twice")]
    public void Twice_through_a_product_with_a_constant()
    {
        var y = Leaf(1) * Plain(2);
        Backward(y);
        Backward(y);
    }

    [Behaviour("backward.inputs")]
    public object Chosen_inputs()
    {
        var x = Leaf(1);
        var w = Leaf(2);
        Ws.Backward([x * w], inputs: [x]);
        return (object?[])[x.Grad, w.Grad];
    }

    [Behaviour("backward.inputs_empty")]
    public void No_chosen_inputs() => Ws.Backward([Leaf(1) * 2], inputs: [], chosen: true);

    [Behaviour("backward.inputs_nonleaf")]
    public object A_chosen_input_that_is_no_leaf()
    {
        var x = Leaf(1);
        var y = x * 2;
        Ws.Backward([y * 3], inputs: [y]);
        return (object?[])[y.Grad, x.Grad];
    }

    [Behaviour("backward.inputs_unreachable")]
    public object A_chosen_input_that_is_not_reached()
    {
        var apart = Leaf(1);
        Ws.Backward([Leaf(1) * 2], inputs: [apart]);
        return (object?[])[apart.Grad];
    }

    [Behaviour("backward.inputs_not_requires")]
    public void A_chosen_input_that_requires_no_grad() => Ws.Backward([Leaf(1) * 2], inputs: [Plain(1)]);

    [Behaviour("backward.create_graph_warns")]
    public object A_recorded_gradient()
    {
        var x = Leaf(2);
        Backward(x * x, createGraph: true);
        return (object?[])[x.Grad!.RequiresGrad, Name(x.Grad)];
    }

    [Behaviour("backward.leaf_root")]
    public object? A_leaf_as_root()
    {
        var x = Leaf(2);
        Backward(x);
        return x.Grad;
    }

    [Behaviour("backward.multi_root")]
    public object? Several_roots()
    {
        var x = Leaf(1);
        Ws.Backward([x * 2, x * 3]);
        return x.Grad;
    }

    [Behaviour("backward.multi_root_dup")]
    public object? The_same_root_twice()
    {
        var x = Leaf(1);
        var y = x * 2;
        Ws.Backward([y, y]);
        return x.Grad;
    }

    [Behaviour("backward.multi_root_count")]
    public void More_roots_than_gradients()
    {
        var y = Leaf(1) * 2;
        Ws.Backward([y, y], [Plain(1)]);
    }

    [Behaviour("backward.in_no_grad")]
    public object? Under_no_grad()
    {
        var x = Leaf(1);
        var y = x * 2;
        using (Ws.NoGrad()) Backward(y);
        return x.Grad;
    }

    [Behaviour("misc.backward_extra_view_after_free")]
    public object? A_view_of_a_value_whose_graph_was_freed()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        Backward(y.Sum());
        _ = y.View([2, 1]);
        return x.Grad;
    }

    [Behaviour("misc.deep_graph")]
    public object? A_chain_of_a_hundred_thousand_ops()
    {
        var x = Leaf(1);
        var y = x;
        for (int i = 0; i < 100_000; i++) y = y + 0.0;
        Backward(y);
        return x.Grad;
    }

    [Behaviour("misc.sum_backward_expanded")]
    public object The_gradient_of_a_sum_is_memory_of_its_own()
    {
        var x = Leaf(1, 2, 3);
        Backward(x.Sum());
        return (object[])[x.Grad!.Strides.ToArray()];
    }

    [Behaviour("misc.undefined_input_node")]
    public object One_output_of_several()
    {
        var x = Leaf(1, 2);
        Backward(x.Unbind()[0]);
        return (object?[])[x.Grad];
    }

    [Behaviour("misc.saved_attr")]
    public object What_a_node_saved()
    {
        var y = Leaf(2).Exp();
        return ((OpNode)y.GradFn!).Unpack(1, createGraph: false);
    }

    [Behaviour("misc.saved_attr_after_free")]
    public object What_a_freed_node_had_saved()
    {
        var y = Leaf(2).Exp();
        Backward(y);
        return ((OpNode)y.GradFn!).Unpack(1, createGraph: false);
    }

    [Behaviour("nan.no_prop_unused")]
    public object? A_nan_that_the_root_does_not_use()
    {
        var x = Leaf(1);
        _ = x * NaN;
        Backward(x * 2);
        return x.Grad;
    }

    [Behaviour("nan.zero_times_inf_grad")]
    public object? A_zero_gradient_through_an_infinite_factor()
    {
        var x = Leaf(1);
        Backward(x * Inf, Plain(0));
        return x.Grad;
    }
}
