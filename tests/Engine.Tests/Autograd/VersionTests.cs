using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class VersionTests : AutogradTest
{
    [Fact]
    public void A_modified_saved_output_is_noticed()
    {
        var y = Leaf(1, 2).Exp();
        y.AddInPlace(1);
        Refuses(ErrorReason.TensorModified, "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.DoubleTensor [2]], which is output 0 of ExpBackward0, is at version 1; expected version 0 instead. Hint: enable anomaly detection", () => Backward(y.Sum()));
    }

    [Fact]
    public void A_modified_saved_input_is_noticed()
    {
        var y = Leaf(1, 2) + 1;
        var z = y * y;
        y.AddInPlace(1);
        Refuses(ErrorReason.TensorModified, "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.DoubleTensor [2]], which is output 0 of AddBackward0, is at version 1; expected version 0 instead.", () => Backward(z.Sum()));
    }

    [Fact]
    public void What_was_not_saved_may_change()
    {
        var x = Leaf(1, 2);
        var y = x + 1;
        y.AddInPlace(1);
        Backward(y.Sum());
        Assert.Equal([1, 1], GradOf(x));
    }

    [Fact]
    public void An_optimizer_step_between_forward_and_backward_is_noticed()
    {
        var w = Leaf(2);
        var x = Leaf(3);
        var y = w * x;
        using (Ws.NoGrad()) w.AddInPlace(1);
        Refuses(ErrorReason.TensorModified, "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.DoubleTensor [1]] is at version 1; expected version 0 instead.", () => Backward(y));
        // Against a constant nothing of w was saved.
        var z = w * Plain(3);
        using (Ws.NoGrad()) w.AddInPlace(1);
        Backward(z);
        Assert.Equal([3], GradOf(w));
    }

    [Fact]
    public void Views_and_detached_tensors_share_the_counter()
    {
        var y = Plain(1, 2, 3);
        var v = y.View([3, 1]);
        var d = y.Detach();
        v.AddInPlace(1);
        Assert.Equal((1, 1, 1), (y.Version, v.Version, d.Version));
        d.AddInPlace(1);
        Assert.Equal((2, 2), (y.Version, v.Version));
    }

    [Fact]
    public void Writing_through_a_detached_tensor_is_noticed()
    {
        var y = Leaf(1, 2).Exp();
        y.Detach().MulInPlace(2);
        Refuses(ErrorReason.TensorModified, "one of the variables", () => Backward(y.Sum()));
    }

    [Fact]
    public void An_in_place_op_differentiates_what_it_overwrote()
    {
        var x = Leaf(2, 3);
        var y = x * 1;
        y.MulInPlace(y.Detach().Clone());
        Backward(y.Sum());
        Assert.Equal([2, 3], GradOf(x));
        var z = Leaf(2);
        var e = z * 1;
        e.ExpInPlace();
        Backward(e);
        Assert.Equal(Math.Exp(2), GradOf(z)[0], 12);
    }
}
