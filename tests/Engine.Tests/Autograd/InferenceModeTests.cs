using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>Inference mode: what is made in it stays out of autograd for good.</summary>
public sealed class InferenceModeTests : AutogradTest
{
    [Fact]
    public void Nothing_is_recorded_and_what_is_made_is_marked()
    {
        var w = Leaf(1);
        Tensor made;
        using (Ws.InferenceMode())
        {
            made = w.Mul(2.0);
            Assert.False(made.RequiresGrad);
            Assert.False(Ws.GradEnabled);
            made.AddInPlace(1.0); // inside it is free
            using (Ws.InferenceMode(false)) Assert.True(w.Mul(2.0).RequiresGrad);
        }
        Assert.True(made.IsInference);
        Assert.False(w.Mul(2.0).IsInference);
        Assert.True(Ws.GradEnabled);
        Assert.True(made.View([1]).IsInference);
        Assert.False(made.Clone().IsInference);
    }

    [Fact]
    public void An_inference_tensor_cannot_be_saved_modified_or_made_to_require_grad_outside()
    {
        Tensor made;
        using (Ws.InferenceMode()) made = Plain(1, 2);
        var w = Leaf(1, 2);
        long nodes = Ws.LiveNodes;
        using (Ws.Scope())
        {
            Refuses(ErrorReason.InvalidGradState, "Inference tensors cannot be saved for backward.", () => w.Mul(made));
            Refuses(ErrorReason.InvalidGradState, "Inplace update to inference tensor outside InferenceMode is not allowed.", () => made.AddInPlace(1.0));
            Refuses(ErrorReason.InvalidGradState, "Inplace update to inference tensor outside InferenceMode is not allowed.", () => made.UnsqueezeInPlace(0));
            Refuses(ErrorReason.InvalidGradState, "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.", () => made.SetRequiresGrad());
            Refuses(ErrorReason.InvalidGradState, "Inference tensors do not track version counter.", () => _ = made.Version);
            Assert.True(w.Add(made).RequiresGrad); // add saves nothing
            Assert.Equal([1, 2], made.ToDoubles());
        }
        Assert.True(Ws.LiveNodes <= nodes + 1);
    }

    [Fact]
    public void A_view_of_a_normal_tensor_stays_normal_but_may_not_be_written_outside()
    {
        var leaf = Leaf(1, 2, 3);
        var normal = leaf.Mul(1.0);
        Tensor view;
        using (Ws.InferenceMode())
        {
            view = normal.View([3]);
            view.MulInPlace(2.0); // counts a version on the normal base
        }
        Assert.False(view.IsInference);
        Assert.Equal(1, normal.Version);
        Refuses(ErrorReason.ViewModified, "A view was created in inference mode and is being modified inplace in normal mode.", () => view.MulInPlace(2.0));
    }
}
