namespace AutogradService.Engine.Tests.Behaviours;

public sealed class LeafBehaviours : BehaviourGroup
{
    [Behaviour("leaf.int_requires_grad")]
    public object Integers_created_to_require_grad() => Ints(1).CreatedRequiringGrad();

    [Behaviour("leaf.bool")]
    public object Truth_values_created_to_require_grad() => Bools(true).CreatedRequiringGrad();

    [Behaviour("leaf.int_requires_grad_")]
    public object Integers_made_to_require_grad() => Ints(1).SetRequiresGrad();

    [Behaviour("leaf.nonleaf_requires_grad_false"), Behaviour("leaf.nonleaf_requires_grad=False")]
    public object A_non_leaf_stops_requiring_grad() => (Leaf(1) * 2).SetRequiresGrad(false);

    [Behaviour("leaf.nonleaf_requires_grad_true_ok")]
    public object A_non_leaf_asked_to_require_grad() => (bool[])[(Leaf(1) * 2).SetRequiresGrad().IsLeaf];

    [Behaviour("leaf.nonreq_result_is_leaf")]
    public object A_result_that_requires_no_grad()
    {
        var y = Plain(1) * 2;
        return (object?[])[y.IsLeaf, y.RequiresGrad, y.GradFn];
    }

    [Behaviour("leaf.inplace_on_leaf")]
    public object In_place_on_a_leaf() => Leaf(1).AddInPlace(1);

    [Behaviour("leaf.inplace_on_view_of_leaf")]
    public object In_place_on_a_view_of_a_leaf() => Leaf(1, 2).View([2, 1]).AddInPlace(1);

    [Behaviour("leaf.setitem_on_leaf")]
    public object Assigning_an_element_of_a_leaf() => Leaf(1, 2).Select(0, 0).FillInPlace(1.0);

    [Behaviour("leaf.inplace_makes_nonleaf")]
    public object In_place_with_an_operand_that_requires_grad()
    {
        var a = Plain(1);
        a.AddInPlace(Leaf(1));
        return (object?[])[a.IsLeaf, a.RequiresGrad, Name(a)];
    }

    [Behaviour("leaf.no_grad_inplace_leaf")]
    public object In_place_on_a_leaf_under_no_grad()
    {
        var x = Leaf(1);
        using (Ws.NoGrad()) x.AddInPlace(1);
        return (object[])[x, x.RequiresGrad, x.Version];
    }
}
