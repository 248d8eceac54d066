using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class CtcLossTests
{
    private readonly Workspace _ws = new();

    private Tensor Ints(params long[] values) => _ws.FromArray<long>(values, Shape.Of(values.Length));

    private Tensor Logits(params long[] shape) => new Sampler(_ws, DType.Float64, 3).Any(shape).SetRequiresGrad();

    [Theory]
    [InlineData("none"), InlineData("mean"), InlineData("sum")]
    public void The_gradient_through_log_softmax_is_that_of_the_loss(string reduction)
    {
        Tensor padded = _ws.FromArray<long>([1, 1, 3, 2, 0, 0], Shape.Of(2, 3)), flat = Ints(1, 1, 3, 2), frames = Ints(6, 4), labels = Ints(3, 1);
        foreach (var targets in (Tensor[])[padded, flat])
            Assert.Null(GradientCheck.First(_ws, x => [x[0].LogSoftmax(2).CtcLoss(targets, frames, labels, 0, reduction)], [Logits(6, 2, 4)]));
    }

    [Fact]
    public void A_batch_of_none_is_as_a_batch_of_one()
    {
        var x = Logits(5, 3);
        var one = x.LogSoftmax(1).CtcLoss(Ints(2, 1), Ints(5), Ints(2), reduction: "none");
        var many = x.Unsqueeze(1).LogSoftmax(2).CtcLoss(_ws.FromArray<long>([2, 1], Shape.Of(1, 2)), Ints(5), Ints(2), reduction: "none");
        Assert.Equal(Shape.Scalar, one.Shape);
        Assert.Equal(many.ToDoubles(), one.ToDoubles());
        Assert.Equal("SqueezeBackward1", one.GradFn!.Name);
        Assert.Equal("CtcLossBackward0", many.GradFn!.Name);
    }

    [Fact]
    public void A_target_too_long_for_its_frames_is_infinitely_unlikely()
    {
        var x = Logits(2, 1, 3);
        var logProbs = x.LogSoftmax(2);
        Assert.Equal(double.PositiveInfinity, logProbs.CtcLoss(Ints(1, 1), Ints(2), Ints(2)).Item());
        var zero = logProbs.CtcLoss(Ints(1, 1), Ints(2), Ints(2), zeroInfinity: true);
        Assert.Equal(0, zero.Item());
        Assert.All(_ws.Gradients([zero], [x])[0]!.ToDoubles(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void A_second_derivative_is_refused()
    {
        var x = Logits(3, 1, 3);
        var loss = x.LogSoftmax(2).CtcLoss(Ints(1, 2), Ints(3), Ints(2));
        var gradient = _ws.Gradients([loss], [x], createGraph: true)[0]!;
        Assert.True(gradient.RequiresGrad);
        Assert.Equal("derivative for aten::_ctc_loss_backward is not implemented", Assert.Throws<AutogradException>(() => _ws.Gradients([gradient.Sum()], [x])).Message);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var x = Logits(3, 1, 3);
        string Refusal(Tensor targets, Tensor frames, Tensor labels, long blank = 0) => Assert.Throws<AutogradException>(() => x.CtcLoss(targets, frames, labels, blank)).Message;
        Assert.Equal("blank must be in label range", Refusal(Ints(1), Ints(3), Ints(1), 3));
        Assert.Equal("input_lengths must be of size batch_size", Refusal(Ints(1), Ints(3, 3), Ints(1)));
        Assert.Equal("target_lengths must be of size batch_size", Refusal(Ints(1), Ints(3), Ints(1, 1)));
        Assert.StartsWith("Expected input_lengths to have value at most 3, but got value 4", Refusal(Ints(1), Ints(4), Ints(1)), StringComparison.Ordinal);
        Assert.StartsWith("Expected tensor to have size 1 at dimension 0, but got size 2", Refusal(Ints(1, 1), Ints(3), Ints(1)), StringComparison.Ordinal);
        Assert.Equal("input_lengths must be integral", Refusal(Ints(1), Ints(3).To(DType.Float32), Ints(1)));
        Assert.Equal("Target 7 is out of bounds.", Refusal(Ints(7), Ints(3), Ints(1)));
    }
}
