using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class NormalizationTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void Batch_norm_in_training_moves_the_running_statistics()
    {
        var x = _ws.FromArray<double>([1, 10, 3, 30], Shape.Of(2, 2));
        Tensor mean = _ws.FromArray<double>([0, 0], Shape.Of(2)), variance = _ws.FromArray<double>([1, 1], Shape.Of(2));
        x.BatchNorm(mean, variance, training: true, momentum: 0.5);
        Assert.Equal([1, 10], mean.ToDoubles());
        Assert.Equal([1.5, 100.5], variance.ToDoubles());
        x.BatchNorm(mean, variance);
        Assert.Equal([1, 10], mean.ToDoubles());
    }

    [Fact]
    public void Names_of_the_recorded_nodes()
    {
        var x = _ws.FromArray<double>([1, 10, 3, 30], Shape.Of(2, 2)).SetRequiresGrad();
        Assert.Equal("NativeBatchNormBackward0", x.BatchNorm(training: true).GradFn!.Name);
        Assert.Equal("NativeLayerNormBackward0", x.LayerNorm([2]).GradFn!.Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var x = _ws.FromArray<double>([1, 10, 3, 30], Shape.Of(2, 2));
        Assert.Equal("Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[2, 2]", Assert.Throws<AutogradException>(() => x.LayerNorm([3])).Message);
        var one = _ws.FromArray<double>([1, 10], Shape.Of(1, 2));
        Assert.Equal("Expected more than 1 value per channel when training, got input size torch.Size([1, 2])", Assert.Throws<AutogradException>(() => one.BatchNorm(training: true)).Message);
    }
}
