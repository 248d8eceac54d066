using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class ModeAndHookTests : AutogradTest
{
    [Fact]
    public void No_grad_and_enable_grad_nest()
    {
        var x = Leaf(1);
        using (Ws.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            using (Ws.EnableGrad()) Assert.True((x * 2).RequiresGrad);
            Assert.False((x * 2).RequiresGrad);
            Assert.True(Plain(1).SetRequiresGrad().RequiresGrad);
        }
        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Hooks_run_in_order_each_seeing_the_result_before()
    {
        var x = Leaf(1);
        var y = x * 2;
        y.RegisterHook(new GradientHook("scale", g => g * 3));
        y.RegisterHook(new GradientHook("shift", g => g + 1));
        Backward(y);
        Assert.Equal([8], GradOf(x));
    }

    [Fact]
    public void A_leafs_hook_runs_once_on_the_sum()
    {
        var x = Leaf(1);
        int calls = 0;
        x.RegisterHook(new GradientHook("count", g =>
        {
            calls++;
            return g;
        }));
        Backward(x * 2 + x * 3);
        Assert.Equal(1, calls);
        Assert.Equal([5], GradOf(x));
    }

    [Fact]
    public void A_hook_must_keep_the_shape_and_needs_a_requiring_tensor()
    {
        var x = Leaf(1, 2);
        x.RegisterHook(new GradientHook("bad", g => g.Sum()));
        Refuses(ErrorReason.ShapeMismatch, "hook 'bad' has changed the size of value", () => Backward((x * 2).Sum()));
        Refuses(ErrorReason.InvalidGradState, "cannot register a hook on a tensor that doesn't require gradient", () => Plain(1).RegisterHook(new GradientHook("h", g => g)));
    }

    [Fact]
    public void A_hook_from_before_an_in_place_op_sees_the_old_values_gradient()
    {
        var x = Leaf(1);
        var y = x * 1;
        var seen = new List<double>();
        y.RegisterHook(new GradientHook("before", g =>
        {
            seen.Add(g.Item());
            return g;
        }));
        y.MulInPlace(10);
        y.RegisterHook(new GradientHook("after", g =>
        {
            seen.Add(g.Item());
            return g;
        }));
        Backward(y, Plain(2));
        Assert.Equal([2, 20], seen);
    }

    [Fact]
    public void A_retained_gradient_is_the_one_after_all_hooks()
    {
        var x = Leaf(1);
        var y = x * 2;
        y.RetainGrad();
        y.RegisterHook(new GradientHook("scale", g => g * 10));
        Backward(y, Plain(3));
        Assert.Equal([30], GradOf(y));
        Assert.Equal([60], GradOf(x));
    }

    [Fact]
    public void Grad_sees_hooks_of_its_inputs()
    {
        var x = Leaf(1);
        x.RegisterHook(new GradientHook("scale", g => g * 7));
        Assert.Equal([14], Ws.Gradients([x * 2], [x])[0]!.ToDoubles());
    }

    [Fact]
    public void Anomaly_detection_names_the_node_that_made_the_nan()
    {
        var x = Leaf(0, 4);
        Ws.Tag = 7;
        var y = x.Sqrt();
        Ws.Tag = 8;
        var z = y.Mul(Plain(0, 1)).Sum(); // 0 times infinity
        Ws.DetectAnomaly = true;
        var failure = Assert.Throws<AutogradException>(() => Backward(z, retainGraph: true));
        Assert.Equal(ErrorReason.AnomalyDetected, failure.Reason);
        Assert.Equal("Function 'SqrtBackward0' returned nan values in its 0th output.", failure.Message);
        Assert.Equal(("SqrtBackward0", 7UL), (failure.Node!.Name, failure.Node.Tag));
        Ws.DetectAnomaly = false;
        Backward(z);
        Assert.True(double.IsNaN(GradOf(x)[0]));
    }

    [Fact]
    public void Anomaly_detection_lets_infinities_pass()
    {
        var x = Leaf(0);
        Ws.DetectAnomaly = true;
        Backward(x.Sqrt());
        Assert.Equal([double.PositiveInfinity], GradOf(x));
    }

    [Fact]
    public void Saved_tensors_are_accounted_for_by_name_and_bytes()
    {
        var x = Leaf(1, 2);
        var y = x.Mul(Plain(3, 4));
        var saved = Assert.Single(y.GradFn!.Saved);
        Assert.Equal(("other", 16L), (saved.Name, saved.Bytes));
        var e = x.Exp();
        Assert.Equal("result", Assert.Single(e.GradFn!.Saved).Name);
        Backward(y.Sum());
        Assert.Empty(y.GradFn!.Saved);
        Assert.Equal(0, y.GradFn.SavedBytes);
    }
}
