namespace AutogradService.Engine.Tests.Behaviours;

public sealed class HookBehaviours : BehaviourGroup
{
    [Behaviour("hook.modify")]
    public object? Changing_a_gradient()
    {
        var x = Leaf(1);
        var y = x * 2;
        y.RegisterHook(Hook(g => g * 10));
        Backward(y * 3);
        return x.Grad;
    }

    [Behaviour("hook.order_chain")]
    public object In_the_order_of_registration()
    {
        var x = Leaf(1);
        var order = new List<int>();
        x.RegisterHook(Hook(g =>
        {
            order.Add(1);
            return g * 3;
        }));
        x.RegisterHook(Hook(g =>
        {
            order.Add(2);
            return g + 1;
        }));
        Backward(x * 2);
        return (object?[])[order, x.Grad];
    }

    [Behaviour("hook.leaf_sum")]
    public object A_leafs_hook_sees_the_sum()
    {
        var x = Leaf(1);
        var seen = new List<double>();
        x.RegisterHook(Noting(g => seen.Add(g.Item())));
        Backward(x * 2 + x * 3);
        return seen;
    }

    [Behaviour("hook.remove")]
    public object? A_removed_hook()
    {
        var x = Leaf(1);
        var y = x * 2;
        var hook = Hook(g => g * 10);
        y.RegisterHook(hook);
        hook.Remove();
        Backward(y);
        return x.Grad;
    }

    [Behaviour("hook.on_nonreq")]
    public void On_what_requires_no_grad() => Plain(1).RegisterHook(Hook(g => g));

    [Behaviour("hook.wrong_shape")]
    public void Changing_the_shape()
    {
        var x = Leaf(1, 2);
        x.RegisterHook(Hook(g => g.Sum()));
        Backward((x * 2).Sum());
    }

    [Behaviour("hook.post_accumulate")]
    public object After_accumulation()
    {
        var x = Leaf(1);
        var seen = new List<double>();
        x.RegisterPostAccumulateGradHook(leaf => seen.Add(leaf.Grad!.Item()));
        Backward(x * 2);
        var first = seen.ToArray();
        seen.Clear();
        Backward(x * 2);
        return (object[])[first, seen];
    }

    [Behaviour("hook.post_accumulate_nonleaf")]
    public void After_accumulation_into_a_non_leaf() => (Leaf(1) * 2).RegisterPostAccumulateGradHook(_ => { });

    [Behaviour("hook.node_posthook")]
    public object On_what_a_node_gives()
    {
        var seen = new List<object?>();
        var y = Leaf(1) * 2;
        y.GradFn!.RegisterHook((given, taken) =>
        {
            seen.Add((object[])[given.Select(g => g?.ToDoubles()).ToArray(), taken.Select(g => g?.ToDoubles()).ToArray()]);
            return null;
        });
        Backward(y);
        return seen;
    }

    [Behaviour("hook.node_prehook")]
    public object? On_what_a_node_takes()
    {
        var x = Leaf(1);
        var y = x * 2;
        y.GradFn!.RegisterPrehook(taken => [taken[0]! * 5]);
        Backward(y);
        return x.Grad;
    }

    [Behaviour("hook.autograd_grad_leaf")]
    public object? A_leafs_hook_in_grad()
    {
        var x = Leaf(1);
        x.RegisterHook(Hook(g => g * 7));
        return Ws.Gradients([x * 2], [x])[0];
    }

    [Behaviour("hook.inplace_semantics")]
    public object Before_and_after_an_in_place_op()
    {
        var x = Leaf(1);
        var y = x * 1;
        var seen = new List<object>();
        y.RegisterHook(Noting(g => seen.Add((object[])["before", g.Item()])));
        y.MulInPlace(5);
        y.RegisterHook(Noting(g => seen.Add((object[])["after", g.Item()])));
        Backward(y * 2);
        return (object?[])[seen, x.Grad];
    }

    [Behaviour("hook.retain_grad_after_hook")]
    public object A_retained_gradient()
    {
        var x = Leaf(1);
        var y = x * 2;
        y.RetainGrad();
        y.RegisterHook(Hook(g => g * 10));
        Backward(y * 3);
        return (object?[])[y.Grad, x.Grad];
    }
}
