using AutogradService.Engine.Ops;
using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ImagingTests
{
    private readonly Workspace _ws = new();

    [Fact]
    public void Nearest_repeats_and_linear_blends()
    {
        var row = Row(1, 2, 3);
        Assert.Equal([1, 1, 2, 2, 3, 3], row.Interpolate(scaleFactor: 2).ToDoubles());
        Assert.Equal([1, 2], row.Interpolate([2]).ToDoubles());
        Assert.Equal([1, 3], row.Interpolate([2], mode: "nearest-exact").ToDoubles());
        Assert.Equal([1, 1.5, 2, 2.5, 3], row.Interpolate([5], mode: "linear", alignCorners: true).ToDoubles());
        Assert.Equal([1, 1.25, 1.75, 2.25, 2.75, 3], row.Interpolate([6], mode: "linear").ToDoubles());
        Assert.Equal([1.5, 2.5], row.Interpolate([2], mode: "area").ToDoubles());
    }

    [Fact]
    public void A_scale_is_used_as_given_unless_recomputed()
    {
        var row = Row(0, 1, 2);
        Assert.Equal(Shape.Of(1, 1, 4), row.Interpolate(scaleFactor: 1.5).Shape);
        double[] given = row.Interpolate(scaleFactor: 1.5, mode: "linear").ToDoubles(), recomputed = row.Interpolate(scaleFactor: 1.5, mode: "linear", recomputeScaleFactor: true).ToDoubles();
        Assert.Equal(0.5 / 1.5 * 3 - 0.5, given[1], 1e-12);
        Assert.Equal(1.5 * 0.75 - 0.5, recomputed[1], 1e-12);
    }

    [Theory]
    [InlineData("nearest", 1, "UpsampleNearest1DBackward0")]
    [InlineData("nearest-exact", 2, "UpsampleNearestExact2DBackward0")]
    [InlineData("linear", 1, "UpsampleLinear1DBackward0")]
    [InlineData("bilinear", 2, "UpsampleBilinear2DBackward0")]
    [InlineData("bicubic", 2, "UpsampleBicubic2DBackward0")]
    [InlineData("trilinear", 3, "UpsampleTrilinear3DBackward0")]
    [InlineData("area", 2, "AdaptiveAvgPool2DBackward0")]
    public void Names_of_the_recorded_nodes(string mode, int dims, string name)
    {
        long[] shape = [1, 1, .. Enumerable.Repeat(3L, dims)];
        var x = new Sampler(_ws, DType.Float64).Any(shape).SetRequiresGrad();
        Assert.Equal(name, x.Interpolate([2], mode: mode).GradFn!.Name);
    }

    [Theory]
    [InlineData("bilinear", "zeros", false)]
    [InlineData("bilinear", "border", true)]
    [InlineData("bilinear", "reflection", false)]
    [InlineData("bilinear", "reflection", true)]
    [InlineData("bicubic", "zeros", true)]
    [InlineData("bicubic", "border", false)]
    [InlineData("nearest", "zeros", false)]
    public void Derivatives_of_grid_sample_match_finite_differences(string mode, string padding, bool align)
    {
        var s = new Sampler(_ws, DType.Float64);
        foreach (var (x, grid) in new[] { (s.Any(2, 2, 3, 4), s.Between(-1.4, 1.4, 2, 2, 3, 2)), (s.Any(1, 2, 3, 2, 3), s.Between(-1.4, 1.4, 1, 2, 1, 2, 3)) })
        {
            if (mode == "bicubic" && x.Dim == 5) continue;
            x.SetRequiresGrad();
            grid.SetRequiresGrad();
            Assert.Null(GradientCheck.First(_ws, at => [at[0].GridSample(at[1], mode, padding, align)], [x, grid]));
        }
    }

    [Fact]
    public void Places_outside_the_image_and_nan()
    {
        var image = _ws.FromArray<double>([1, 2, 3, 4], Shape.Of(1, 1, 2, 2));
        var grid = _ws.FromArray<double>([-3, -3, double.NaN, 0], Shape.Of(1, 1, 2, 2));
        Assert.Equal([0, 0], image.GridSample(grid, alignCorners: true).ToDoubles());
        Assert.Equal([1, 2], image.GridSample(grid, paddingMode: "border", alignCorners: true).ToDoubles());
        var x = image.Clone().SetRequiresGrad();
        var gradient = _ws.Gradients([x.GridSample(grid)], [x], [_ws.Ones([1, 1, 1, 2], dtype: DType.Float64)], createGraph: true)[0]!;
        Assert.Equal("GridSampler2DBackward0", x.GridSample(grid).GradFn!.Name);
        Assert.False(gradient.RequiresGrad);
    }

    [Fact]
    public void The_identity_map_names_every_pixel()
    {
        var theta = _ws.FromArray<double>([1, 0, 0, 0, 1, 0], Shape.Of(1, 2, 3)).SetRequiresGrad();
        var grid = theta.AffineGrid([1, 1, 2, 2]);
        Assert.Equal([-0.5, -0.5, 0.5, -0.5, -0.5, 0.5, 0.5, 0.5], grid.ToDoubles());
        Assert.Equal("AffineGridGeneratorBackward0", grid.GradFn!.Name);
    }

    [Fact]
    public void Fold_adds_what_unfold_repeats()
    {
        var image = _ws.FromArray<double>([1, 2, 3, 4, 5, 6, 7, 8, 9], Shape.Of(1, 1, 3, 3));
        var columns = image.Im2col([2]);
        Assert.Equal([1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9], columns.ToDoubles());
        Assert.Equal([1, 4, 3, 8, 20, 12, 7, 16, 9], columns.Col2im([3], [2]).ToDoubles());
    }

    [Fact]
    public void Instance_norm_moves_the_running_statistics_towards_the_mean_of_the_batch()
    {
        var x = _ws.FromArray<double>([1, 3, 5, 7], Shape.Of(2, 1, 2));
        Tensor mean = _ws.FromArray<double>([0], Shape.Of(1)), variance = _ws.FromArray<double>([1], Shape.Of(1));
        x.InstanceNorm(mean, variance, momentum: 0.5);
        Assert.Equal([2], mean.ToDoubles());
        Assert.Equal([1.5], variance.ToDoubles());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor row = Row(1, 2, 3), image = _ws.Zeros([1, 3, 2, 2]);
        Refused("either size or scale_factor should be defined", () => row.Interpolate());
        Refused("only one of size or scale_factor should be defined", () => row.Interpolate([2], 2));
        Refused("align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear", () => row.Interpolate([2], alignCorners: true));
        Refused("Got 3D input, but bilinear mode needs 4D input", () => row.Interpolate([2], mode: "bilinear"));
        Refused("Input and output sizes should be greater than 0, but got input (W: 3) and output (W: 0)", () => row.Interpolate([0]));
        Refused("pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=3 is not divisible by 4", () => image.PixelShuffle(2));
        Refused("grid_sampler(): expected grid to have size 2 in last dimension, but got grid with sizes [1, 2, 2, 3]", () => image.GridSample(_ws.Zeros([1, 2, 2, 3])));
        Refused("nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: 'cubic'", () => image.GridSample(image, "cubic"));
        Refused("Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=3 and kernel_size=(2, 2).", () => _ws.Zeros([3, 4]).Col2im([3], [2]));
        Refused("Expected more than 1 spatial element when training, got input size torch.Size([1, 3, 1])", () => _ws.Zeros([1, 3, 1]).InstanceNorm());
        Refused("Expected 3D or higher dimensionality input (got 2 dimensions)", () => _ws.Zeros([1, 3]).LocalResponseNorm(2));
    }

    private Tensor Row(params double[] values) => _ws.FromArray<double>(values, Shape.Of(1, 1, values.Length));

    private static void Refused(string message, Action call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);
}
