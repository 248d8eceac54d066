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

    [Behaviour("mode.inference_flags")]
    public object Under_inference_mode()
    {
        var x = Leaf(1);
        using var mode = Ws.InferenceMode();
        var y = x * 2;
        return (bool[])[y.IsInference, y.RequiresGrad];
    }

    [Behaviour("mode.inference_saved_for_backward")]
    public object Saving_a_tensor_of_inference_mode() => Leaf(1) * Inferred();

    [Behaviour("mode.inference_inplace_outside")]
    public object Writing_to_a_tensor_of_inference_mode() => Inferred().AddInPlace(1);

    [Behaviour("mode.inference_version")]
    public object The_version_of_a_tensor_of_inference_mode() => Inferred().Version;

    [Behaviour("mode.inference_requires_grad_outside")]
    public object Asking_a_tensor_of_inference_mode_to_require_grad() => Inferred().SetRequiresGrad();

    [Behaviour("mode.inference_view_of_normal_then_inplace")]
    public object Writing_to_a_view_made_in_inference_mode()
    {
        var y = Leaf(1, 2) * 1;
        Tensor v;
        using (Ws.InferenceMode()) v = y.View([2, 1]);
        return v.MulInPlace(2);
    }

    [Behaviour("anomaly.nan")]
    public void A_nan_in_anomaly_mode()
    {
        Ws.DetectAnomaly = true;
        Backward(Leaf(0).Sqrt() * 0);
    }

    [Behaviour("anomaly.inf_ok")]
    public object? An_infinity_in_anomaly_mode()
    {
        Ws.DetectAnomaly = true;
        var x = Leaf(0);
        Backward(x.Sqrt());
        return x.Grad;
    }

    private Tensor Inferred()
    {
        using var mode = Ws.InferenceMode();
        return Ones(1);
    }
}
