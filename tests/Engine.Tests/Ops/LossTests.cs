using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class LossTests
{
    private readonly Workspace _ws = new();

    private Tensor Leaf(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length)).SetRequiresGrad();

    private Tensor Of(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length));

    private double[] Gradient(Tensor x, Tensor y) => _ws.Gradients([y], [x])[0]!.ToDoubles();

    [Fact]
    public void Kinks_have_PyTorchs_slopes()
    {
        var x = Leaf(0, 1);
        var zero = Of(0, 0);
        Assert.Equal([0, 0.5], Gradient(x, x.L1Loss(zero)));
        Assert.Equal([0, 0.5], Gradient(x, x.SmoothL1Loss(zero)));
        Assert.Equal([0, 0.5], Gradient(x, x.HuberLoss(zero)));
        Assert.Equal([0, 0.5], Gradient(x, x.SmoothL1Loss(zero, beta: 0)));
    }

    [Fact]
    public void Probabilities_of_zero_and_one_are_finite()
    {
        var x = Leaf(0, 1);
        var y = x.BinaryCrossEntropy(Of(0, 1));
        Assert.Equal(0, y.Item());
        Assert.Equal([0, 0], Gradient(x, y));
        Assert.Equal(100, x.BinaryCrossEntropy(Of(1, 0)).Item());
        Assert.Equal("all elements of input should be between 0 and 1", Assert.Throws<AutogradException>(() => Leaf(2).BinaryCrossEntropy(Of(0))).Message);
        Assert.Equal(ErrorReason.InvalidAttribute, Assert.Throws<AutogradException>(() => Leaf(double.NaN).BinaryCrossEntropy(Of(0))).Reason);
    }

    [Fact]
    public void Large_logits_are_finite()
    {
        var x = Leaf(1000, -1000);
        var y = x.BinaryCrossEntropyWithLogits(Of(0, 1), reduction: "sum");
        Assert.Equal(2000, y.Item());
        Assert.Equal([1, -1], Gradient(x, y));
        Assert.Equal("BinaryCrossEntropyWithLogitsBackward0", y.GradFn!.Name);
    }

    [Fact]
    public void With_every_target_ignored_the_loss_is_nan_and_the_gradient_zero()
    {
        var x = _ws.FromArray<double>([1, 2], Shape.Of(1, 2)).SetRequiresGrad();
        var y = x.CrossEntropy(_ws.FromArray<long>([-100], Shape.Of(1)));
        Assert.Equal(double.NaN, y.Item());
        Assert.Equal([0, 0], Gradient(x, y));
        Assert.Equal("NllLossBackward0", y.GradFn!.Name);
    }

    [Fact]
    public void A_target_that_is_no_class_is_refused()
    {
        var x = _ws.FromArray<double>([1, 2], Shape.Of(1, 2));
        var refusal = Assert.Throws<AutogradException>(() => x.NllLoss(_ws.FromArray<long>([5], Shape.Of(1))));
        Assert.Equal(("Target 5 is out of bounds.", TorchErrorType.IndexError), (refusal.Message, refusal.TorchType));
        Assert.Equal("Expected input batch_size (1) to match target batch_size (2).", Assert.Throws<AutogradException>(() => x.NllLoss(_ws.FromArray<long>([0, 0], Shape.Of(2)))).Message);
    }

    [Fact]
    public void Reductions_are_three()
    {
        var refusal = Assert.Throws<AutogradException>(() => Leaf(1).L1Loss(Of(1), "abc"));
        Assert.Equal(("abc is not a valid value for reduction", TorchErrorType.ValueError), (refusal.Message, refusal.TorchType));
        Assert.Equal(ErrorReason.InvalidAttribute, Assert.Throws<AutogradException>(() => Leaf(1).MseLoss(Of(1), "abc")).Reason);
    }
}
