using AutogradService.Engine.Kernels;
using AutogradService.Engine.Ops;
using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ConvolutionTests
{
    private readonly Workspace _ws = new();

    // Each shape takes another way through the kernel: several stretches of the depth, places counted over images, tiles cut off, one image, few places, groups, phases.
    [Theory]
    [InlineData(3, 40, 20, 9, 3, 1, 1, 1, 1)]
    [InlineData(1, 37, 13, 17, 3, 1, 1, 1, 1)]
    [InlineData(2, 8, 7, 18, 3, 2, 1, 1, 1)]
    [InlineData(2, 6, 6, 9, 3, 1, 2, 2, 3)]
    [InlineData(2, 5, 9, 16, 1, 1, 0, 1, 1)]
    [InlineData(1, 50, 30, 3, 3, 1, 1, 1, 1)]
    [InlineData(2, 4, 4, 21, 5, 3, 2, 1, 4)]
    public void Large_shapes_match_the_definition(long batch, long input, long output, long size, long kernel, long stride, long padding, long dilation, long groups)
    {
        var s = new Sampler(_ws, DType.Float64);
        Tensor x = s.Any(batch, input, size, size), w = s.Any(output, input / groups, kernel, kernel), b = s.Any(output);
        var op = new Convolution([stride], [padding], [dilation], false, [0], groups);
        AssertSame(op, x, w, b);
        var y = _ws.Apply(op, x, w, b);
        var back = new Convolution([stride], [padding], [dilation], true, [stride > 1 ? 1 : 0], groups);
        AssertSame(back, s.Any(y.Shape.Sizes.ToArray()), w, null);
        var weights = new ConvolutionBackwardWeight([kernel, kernel], [stride, stride], [padding, padding], [dilation, dilation], groups);
        AssertSame(weights, s.Any(y.Shape.Sizes.ToArray()), x);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        var s = new Sampler(_ws, DType.Float32);
        Tensor x = s.Any(2, 24, 30, 30), w = s.Any(40, 24, 3, 3);
        int threads = WorkerPool.Threads;
        try
        {
            var results = new List<double[]>();
            foreach (int n in (int[])[1, 2, 5])
            {
                WorkerPool.Configure(n);
                var y = x.Conv2d(w, padding: [1]);
                var g = y.ConvolutionBackwardWeight(x, [3, 3], [1, 1], [1, 1], [1, 1], 1);
                var t = y.ConvTranspose2d(w, stride: [2], padding: [1]);
                results.Add([.. y.ToDoubles(), .. g.ToDoubles(), .. t.ToDoubles()]);
            }
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }
        finally
        {
            WorkerPool.Configure(threads);
        }
    }

    [Fact]
    public void Same_padding_puts_what_does_not_divide_behind()
    {
        var x = _ws.FromArray<double>([1, 2, 3], Shape.Of(1, 1, 3));
        var w = _ws.FromArray<double>([1, 10], Shape.Of(1, 1, 2));
        Assert.Equal([21, 32, 3], _ws.Apply(new Conv1dPadding("same"), x, w, null).ToDoubles());
        Assert.Equal([21, 32], _ws.Apply(new Conv1dPadding("valid"), x, w, null).ToDoubles());
    }

    [Fact]
    public void Integers_convolve_and_other_integers_are_refused()
    {
        var x = _ws.FromArray<long>([1, 2, 3], Shape.Of(1, 1, 3));
        var w = _ws.FromArray<long>([1, 10], Shape.Of(1, 1, 2));
        Assert.Equal([21, 32], x.Conv1d(w).ToDoubles());
        var i32 = _ws.FromArray<int>([1, 2, 3], Shape.Of(1, 1, 3));
        Assert.Equal("\"slow_conv2d_cpu\" not implemented for 'Int'", Assert.Throws<AutogradException>(() => i32.Conv1d(i32)).Message);
    }

    [Fact]
    public void An_input_without_a_batch_gives_an_output_without_one()
    {
        var x = new Sampler(_ws, DType.Float64).Any(2, 4, 4).SetRequiresGrad();
        var w = new Sampler(_ws, DType.Float64).Any(3, 2, 3, 3);
        var y = x.Conv2d(w);
        Assert.Equal(Shape.Of(3, 2, 2), y.Shape);
        Assert.Equal("SqueezeBackward1", y.GradFn!.Name);
        Assert.Equal("ConvolutionBackward0", x.Unsqueeze(0).Conv2d(w).GradFn!.Name);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor x = _ws.Zeros([1, 2, 4, 3]), w = _ws.Zeros([2, 2, 2, 3]);
        Refused("non-positive stride is not supported", () => x.Conv2d(w, stride: [0]));
        Refused("negative padding is not supported", () => x.Conv2d(w, padding: [-1]));
        Refused("dilation should be greater than zero", () => x.Conv2d(w, dilation: [0]));
        Refused("non-positive groups is not supported", () => x.Conv2d(w, groups: 0));
        Refused("Given groups=3, expected weight to be at least 3 at dimension 0, but got weight of size [2, 2, 2, 3] instead", () => x.Conv2d(w, groups: 3));
        Refused("Given groups=1, weight of size [2, 3, 2, 3], expected input[1, 2, 4, 3] to have 3 channels, but got 2 channels instead", () => x.Conv2d(_ws.Zeros([2, 3, 2, 3])));
        Refused("Given weight of size [2, 2, 2, 3], expected bias to be 1-dimensional with 2 elements, but got bias of size [3] instead", () => x.Conv2d(w, _ws.Zeros([3])));
        Refused("Calculated padded input size per channel: (4 x 3). Kernel size: (2 x 5). Kernel size can't be greater than actual input size", () => x.Conv2d(w, dilation: [1, 2]));
        Refused("expected stride to be a single integer value or a list of 2 values to match the convolution dimensions, but got stride=[1, 1, 1]", () => x.Conv2d(w, stride: [1, 1, 1]));
        Refused("Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [4, 3]", () => _ws.Zeros([4, 3]).Conv2d(w));
        Refused("output padding must be smaller than either stride or dilation, but got output_padding_height: 2 output_padding_width: 2 stride_height: 1 stride_width: 1 dilation_height: 1 dilation_width: 1", () => x.ConvTranspose2d(w, outputPadding: [2]));
        Refused("Given transposed=1, weight of size [3, 2, 2, 3], expected input[1, 2, 4, 3] to have 3 channels, but got 2 channels instead", () => x.ConvTranspose2d(_ws.Zeros([3, 2, 2, 3])));
        Refused("padding='same' is not supported for strided convolutions", () => _ws.Apply(new Conv2dPadding("same", [2]), x, w, null));
        Refused("Invalid padding string: 'full'", () => _ws.Apply(new Conv2dPadding("full"), x, w, null));
    }

    private static void Refused(string message, Action call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);

    private void AssertSame(Op op, params Tensor?[] inputs)
    {
        var expected = OpTable.Get(op.Schema.Name).Reference.Compute(op, Array.ConvertAll(inputs, t => t is null ? null : NdArray.Of(t)))[0];
        double[] actual = _ws.Apply(op, inputs).ToDoubles(), single = _ws.Apply(op, Array.ConvertAll(inputs, t => t?.To(DType.Float32))).ToDoubles();
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected.Values[i], actual[i], 1e-9 * (1 + Math.Abs(expected.Values[i])));
            Assert.Equal(expected.Values[i], single[i], 1e-3 * (1 + Math.Abs(expected.Values[i])));
        }
    }
}
