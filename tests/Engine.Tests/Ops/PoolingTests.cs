using AutogradService.Engine.Ops;
using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class PoolingTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void The_first_of_equals_takes_the_gradient_and_nan_wins()
    {
        var tie = Row(3, 3).SetRequiresGrad();
        _ws.Backward([tie.MaxPool1d([2]).Sum()]);
        Assert.Equal([1, 0], tie.Grad!.ToDoubles());
        var nan = Row(double.NaN, 7).SetRequiresGrad();
        var y = nan.MaxPool1d([2]);
        _ws.Backward([y.Sum()]);
        Assert.True(double.IsNaN(y.Item()));
        Assert.Equal([1, 0], nan.Grad!.ToDoubles());
        Assert.Equal([0], _ws.ApplyMany(new MaxPool1dWithIndices([2]), Row(double.NegativeInfinity, double.NegativeInfinity))[1].ToDoubles());
        // The last of several, as PyTorch's loop has it.
        Assert.Equal([1], _ws.ApplyMany(new MaxPool1dWithIndices([2]), Row(double.NaN, double.NaN))[1].ToDoubles());
    }

    // float32 goes another way than float64, which looks at one element after the other: rows of every length, overlapping and dilated windows, ties, signed zeros, infinities, NaN.
    [Theory]
    [InlineData(2, 2, 0, 1, false)]
    [InlineData(3, 2, 1, 1, true)]
    [InlineData(3, 1, 1, 2, false)]
    [InlineData(5, 3, 2, 1, true)]
    public void Single_precision_finds_what_double_finds(long kernel, long stride, long padding, long dilation, bool ceil)
    {
        double[] odd = [0, -0.0, double.PositiveInfinity, double.NegativeInfinity, 1, 1, -1, double.NaN];
        var random = new Random(3);
        for (long width = 9; width < 42; width++)
        {
            double[] values = [.. Enumerable.Range(0, (int)(2 * 3 * 10 * width)).Select(i => i >= 30 * width ? random.Next(-3, 4) : odd[random.Next(i >= 10 * width ? 7 : 8)])];
            var x = _ws.FromArray<double>(values, Shape.Of(2, 3, 10, width));
            var op = new MaxPool2dWithIndices([kernel], [stride], [padding], [dilation], ceil);
            Tensor[] expected = _ws.ApplyMany(op, x), actual = _ws.ApplyMany(op, x.To(DType.Float32));
            for (int i = 0; i < 2; i++) Assert.Equal(expected[i].ToDoubles(), actual[i].ToDoubles());
            Assert.Equal(Array.ConvertAll(expected[0].ToDoubles(), double.IsNegative), Array.ConvertAll(actual[0].ToDoubles(), double.IsNegative));
        }
    }

    [Fact]
    public void Ceil_mode_keeps_only_windows_that_begin_inside()
    {
        Assert.Equal([2, 4, 5], Row(1, 2, 3, 4, 5).MaxPool1d([2], ceilMode: true).ToDoubles());
        Assert.Equal([1, 4], Row(1, 2, 3, 4).MaxPool1d([1], [3], ceilMode: true).ToDoubles());
        Assert.Equal([1.5, 3.5, 5], Row(1, 2, 3, 4, 5).AvgPool1d([2], ceilMode: true).ToDoubles());
    }

    [Fact]
    public void Padding_counts_as_asked()
    {
        Assert.Equal([0.5, 2.5, 2], Row(1, 2, 3, 4).AvgPool1d([2], padding: [1]).ToDoubles());
        Assert.Equal([1, 2.5, 4], Row(1, 2, 3, 4).AvgPool1d([2], padding: [1], countIncludePad: false).ToDoubles());
        var image = _ws.FromArray<double>([1, 2, 3, 4], Shape.Of(1, 2, 2));
        Assert.Equal([5], image.AvgPool2d([2], divisorOverride: 2).ToDoubles());
    }

    [Fact]
    public void Without_elements_the_other_sizes_may_be_any()
    {
        const long endless = 1L << 55;
        Assert.Equal(Shape.Of(0, 1, endless), _ws.Zeros([0, 1, 3]).AdaptiveMaxPool1d([endless]).Shape);
        Assert.Equal(Shape.Of(0, 1, endless), _ws.Zeros([0, 1, 3]).AdaptiveAvgPool1d([endless]).Shape);
        Assert.Equal(Shape.Of(0, 1, endless / 2), _ws.Zeros([0, 1, endless]).MaxPool1d([2]).Shape);
        Assert.Equal(Shape.Of(0, 1, endless / 2), _ws.Zeros([0, 1, endless]).AvgPool1d([2]).Shape);
    }

    [Fact]
    public void Names_of_the_recorded_nodes()
    {
        var image = new Sampler(_ws, DType.Float64).Any(1, 2, 4, 4).SetRequiresGrad();
        Assert.Equal("MaxPool2DWithIndicesBackward0", image.MaxPool2d([2]).GradFn!.Name);
        Assert.Equal("AvgPool2DBackward0", image.AvgPool2d([2]).GradFn!.Name);
        Assert.Equal("AdaptiveAvgPool2DBackward0", image.AdaptiveAvgPool2d([2]).GradFn!.Name);
        Assert.Equal("MeanBackward1", image.AdaptiveAvgPool2d([1]).GradFn!.Name);
        Assert.Equal("AdaptiveMaxPool2DBackward0", image.AdaptiveMaxPool2d([2]).GradFn!.Name);
        Assert.Equal("AvgPool3DBackward0", image.AvgPool3d([2, 2, 2]).GradFn!.Name);
    }

    [Fact]
    public void Unpooling_undoes_pooling()
    {
        var image = _ws.FromArray<double>([1, 9, 2, 3, 4, 5, 8, 7], Shape.Of(1, 2, 4));
        var pooled = _ws.ApplyMany(new MaxPool2dWithIndices([2]), image);
        Assert.Equal([1, 6], pooled[1].ToDoubles());
        Assert.Equal([0, 9, 0, 0, 0, 0, 8, 0], pooled[0].MaxUnpool2d(pooled[1], [2]).ToDoubles());
        Assert.Equal(ErrorReason.InvalidAttribute, Assert.Throws<AutogradException>(() => pooled[0].MaxUnpool2d(pooled[1].Add(10), [2])).Reason);
        Assert.Equal(TorchErrorType.ValueError, Assert.Throws<AutogradException>(() => pooled[0].MaxUnpool2d(pooled[1], [2], outputSize: [9, 9])).TorchType);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var image = _ws.Zeros([1, 4, 4]);
        Refused("pad should be at most half of effective kernel size, but got pad=4, kernel_size=2 and dilation=1", () => image.MaxPool2d([2], padding: [4]));
        Refused("pad must be non-negative, but got pad: -1", () => image.AvgPool2d([2], padding: [-1]));
        Refused("stride should not be zero", () => image.AvgPool2d([2], stride: [0]));
        Refused("divisor must be not zero", () => image.AvgPool2d([2], divisorOverride: 0));
        Refused("Given input size: (1x4x4). Calculated output size: (1x0x0). Output size is too small", () => image.MaxPool2d([5]));
        Refused("max_pool2d: kernel_size must either be a single int, or a tuple of two ints", () => image.MaxPool2d([1, 2, 3]));
        Refused("Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[1, 0, 10]", () => _ws.Zeros([1, 0, 10]).MaxPool2d([1]));
        Refused("max_pool1d() padding should be at most half of kernel size, but got padding=2 and kernel_size=2", () => image.MaxPool1d([2], padding: [2]));
        Refused("adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got [4]", () => _ws.Zeros([4]).AdaptiveAvgPool2d([1]));
    }

    private Tensor Row(params double[] values) => _ws.FromArray<double>(values, Shape.Of(1, values.Length));

    private static void Refused(string message, Action call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);
}
