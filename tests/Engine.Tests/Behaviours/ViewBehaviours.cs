namespace AutogradService.Engine.Tests.Behaviours;

public sealed class ViewBehaviours : BehaviourGroup
{
    [Behaviour("view.inplace_updates_base_graph")]
    public object Writing_through_a_view()
    {
        var x = Leaf(1, 2, 3);
        var b = x * 1;
        var v = b.Slice(0, 0, 2);
        v.MulInPlace(10);
        string? ofBase = Name(b), ofView = Name(v);
        Backward(b.Sum());
        return (object?[])[x.Grad, ofBase, ofView];
    }

    [Behaviour("view.base_modified_after_view")]
    public object Writing_to_the_base()
    {
        var x = Leaf(1, 2, 3);
        var b = x * 1;
        var v = b.Slice(0, 0, 2);
        b.MulInPlace(10);
        string? ofView = Name(v), ofBase = Name(b);
        Backward(v.Sum());
        return (object?[])[x.Grad, ofView, ofBase];
    }

    [Behaviour("view.setitem")]
    public object Assigning_an_element()
    {
        var x = Leaf(1, 2, 3);
        var value = Number(5).SetRequiresGrad();
        var y = x * 1;
        y.Select(0, 1).CopyInPlace(value);
        Backward((y * Plain(1, 10, 100)).Sum());
        return (object?[])[x.Grad, value.Grad, Name(y)];
    }

    [Behaviour("view.setitem_nonreq_base")]
    public object Assigning_an_element_that_requires_grad()
    {
        var b = Zeros(3);
        var value = Number(5).SetRequiresGrad();
        b.Select(0, 0).CopyInPlace(value);
        Backward((b * 2).Sum());
        return (object?[])[value.Grad, b.RequiresGrad, Name(b)];
    }

    [Behaviour("view.unbind_inplace")]
    public object Writing_to_an_output_of_unbind() => (Leaf(1, 2) * 1).Unbind()[0].MulInPlace(2);

    [Behaviour("view.split_inplace")]
    public object Writing_to_an_output_of_split() => (Leaf(1, 2) * 1).Split(1)[0].MulInPlace(2);

    [Behaviour("view.chunk_inplace")]
    public object Writing_to_an_output_of_chunk() => (Leaf(1, 2) * 1).Chunk(2)[0].MulInPlace(2);

    [Behaviour("view.made_in_no_grad_inplace")]
    public object Writing_to_a_view_made_under_no_grad()
    {
        var y = Leaf(1, 2) * 1;
        Tensor v;
        using (Ws.NoGrad()) v = y.View([2, 1]);
        return v.MulInPlace(2);
    }

    [Behaviour("view.expand_inplace")]
    public object Writing_to_an_expanded_view() => Plain(1).Expand([3]).AddInPlace(1);

    [Behaviour("view.reshape_may_copy")]
    public object Reshaping_and_contiguous()
    {
        var m = Ws.FromArray<double>([0, 1, 2, 3, 4, 5], Shape.Of(2, 3));
        return (bool[])[Share(m.T().Reshape([6]), m), Share(m.Reshape([6]), m), ReferenceEquals(m.Contiguous(), m)];
    }

    [Behaviour("view.view_incompatible")]
    public object Viewing_what_strides_forbid() => Zeros(2, 3).T().View([6]);

    [Behaviour("view.inplace_dtype_promote")]
    public object Writing_a_result_of_a_higher_dtype() => Ints(1, 2).AddInPlace(0.5);

    [Behaviour("view.inplace_broadcast_out")]
    public object Writing_a_result_of_a_larger_shape() => Plain(1, 2).AddInPlace(Ones(3, 2));

    [Behaviour("view.leaf_detach_then_inplace")]
    public object Writing_through_detach()
    {
        var x = Leaf(1, 2);
        var d = x.Detach();
        d.MulInPlace(2);
        return (object[])[x, d.RequiresGrad];
    }

    [Behaviour("view.is_view_base")]
    public object The_base_of_a_view()
    {
        var x = Plain(1, 2);
        return (bool[])[ReferenceEquals(x.View([2, 1]).ViewBase, x)];
    }

    [Behaviour("detach")]
    public object Detach()
    {
        var x = Leaf(1, 2);
        var d = x.Detach();
        return (object?[])[d.RequiresGrad, d.GradFn, d.IsLeaf, Share(d, x)];
    }

    [Behaviour("detach_")]
    public object Detach_in_place()
    {
        var y = Leaf(1) * 2;
        y.DetachInPlace();
        return (bool[])[y.RequiresGrad, y.IsLeaf];
    }

    [Behaviour("detach_.view")]
    public object Detach_a_view_in_place() => (Leaf(1, 2) * 1).View([2, 1]).DetachInPlace();
}
