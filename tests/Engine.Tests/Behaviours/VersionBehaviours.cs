namespace AutogradService.Engine.Tests.Behaviours;

public sealed class VersionBehaviours : BehaviourGroup
{
    [Behaviour("vc.saved_modified")]
    public void A_saved_result_was_modified()
    {
        var y = Leaf(1, 2).Exp();
        y.AddInPlace(1);
        Backward(y.Sum());
    }

    [Behaviour("vc.saved_input_modified")]
    public void A_saved_operand_was_modified()
    {
        var y = Leaf(1, 2) + 1;
        var z = y * y;
        y.AddInPlace(1);
        Backward(z.Sum());
    }

    [Behaviour("vc.unsaved_modified_ok")]
    public object? What_was_not_saved_was_modified()
    {
        var x = Leaf(1, 2);
        var y = x + 1;
        y.AddInPlace(1);
        Backward(y.Sum());
        return x.Grad;
    }

    [Behaviour("vc.relu_saves_result")]
    public object? The_operand_of_relu_was_modified()
    {
        var x = Leaf(1, 2);
        var y = x + 1;
        var z = y.Relu();
        y.AddInPlace(1);
        Backward(z.Sum());
        return x.Grad;
    }

    [Behaviour("vc.relu_result_modified")]
    public void The_result_of_relu_was_modified()
    {
        var y = Leaf(1, 2).Relu();
        y.AddInPlace(1);
        Backward(y.Sum());
    }

    [Behaviour("vc.shared_by_view")]
    public object Views_share_the_counter()
    {
        var x = Plain(1, 2);
        var v = x.View([2, 1]);
        v.AddInPlace(1);
        return (int[])[x.Version, v.Version];
    }

    [Behaviour("vc.shared_by_detach")]
    public object Detached_tensors_share_the_counter()
    {
        var x = Plain(1, 2);
        var d = x.Detach();
        d.AddInPlace(1);
        return (int[])[x.Version, d.Version];
    }

    [Behaviour("vc.detach_inplace_raises_backward")]
    public void A_saved_result_was_modified_through_detach()
    {
        var y = Leaf(1, 2).Sigmoid();
        y.Detach().ZeroInPlace();
        Backward(y.Sum());
    }

    [Behaviour("vc.optimizer_step_between")]
    public void A_step_between_forward_and_backward()
    {
        var w = Leaf(2);
        var y = w * Leaf(3);
        using (Ws.NoGrad()) w.AddInPlace(1);
        Backward(y);
    }

    [Behaviour("vc.no_saved_if_other_not_required")]
    public object? A_step_where_the_operand_was_not_saved()
    {
        var w = Leaf(2);
        var y = w * Plain(1);
        using (Ws.NoGrad()) w.AddInPlace(1);
        Backward(y);
        return w.Grad;
    }
}
