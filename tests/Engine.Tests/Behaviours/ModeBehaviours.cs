namespace AutogradService.Engine.Tests.Behaviours;

public sealed class ModeBehaviours : BehaviourGroup
{
    [Behaviour("mode.no_grad")]
    public object Under_no_grad()
    {
        var x = Leaf(1);
        using var mode = Ws.NoGrad();
        var y = x * 2;
        return (object?[])[y.RequiresGrad, y.GradFn, y.IsLeaf, Plain(1).SetRequiresGrad().RequiresGrad];
    }

    [Behaviour("mode.enable_in_no_grad")]
    public object Enabled_again()
    {
        var x = Leaf(1);
        using var mode = Ws.NoGrad();
        using var inner = Ws.EnableGrad();
        return (x * 2).RequiresGrad;
    }

    [Behaviour("mode.set_grad_enabled")]
    public object Set_explicitly()
    {
        var x = Leaf(1);
        bool off, on;
        using (Ws.SetGradEnabled(false)) off = (x * 2).RequiresGrad;
        using (Ws.SetGradEnabled(true)) on = (x * 2).RequiresGrad;
        return (bool[])[off, on];
    }

    [Behaviour("mode.no_grad_view_requires_grad")]
    public object A_view_under_no_grad()
    {
        var x = Leaf(1, 2);
        using var mode = Ws.NoGrad();
        var v = x.View([2, 1]);
        return (bool[])[v.RequiresGrad, v.IsLeaf];
    }

    [Behaviour("item_requires_grad_ok")]
    public object The_number_of_a_tensor_that_requires_grad() => Leaf(1).Item();
}
