using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Pixels become channels: (..., channels, height r, width r) to (..., channels r^2, height, width), where r is downscale_factor.</summary>
[Op("pixel_unshuffle(self, downscale_factor)")]
public sealed partial record PixelUnshuffle(long DownscaleFactor) : ComputeOp, IOp<PixelUnshuffle>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PixelUnshuffle>((op, x) =>
    {
        long r = op.DownscaleFactor;
        return NdArray.Build(op.Target(x[0].Shape), i => x[0][[.. i[..^3], i[^3] / (r * r), i[^2] * r + i[^3] / r % r, i[^1] * r + i[^3] % r]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new PixelUnshuffle(2), s.Any(2, 2, 4, 6)), Sample.Of(new PixelUnshuffle(3), s.Any(1, 3, 6)), Sample.Of(new PixelUnshuffle(1), s.Any(2, 1, 2, 1, 2)), Sample.Of(new PixelUnshuffle(2), s.Any(1, 1, 0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Target(x[0].Shape), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var source = y.Workspace.RawContiguous(x[0]);
        var apart = PixelShuffle.Apart(source.Shape, DownscaleFactor);
        Transfer.Into(source.Alias(apart, apart.ContiguousStrides, source.Offset), PixelShuffle.Blocks(y, DownscaleFactor));
    }

    // Every element goes to one place: the gradient goes back the same way.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.PixelShuffle(DownscaleFactor);

    private Shape Target(Shape input)
    {
        if (input.Rank < 3) throw AutogradException.Shape($"pixel_unshuffle expects input to have at least 3 dimensions, but got input with {input.Rank} dimension(s)");
        if (DownscaleFactor <= 0) throw AutogradException.Attribute($"pixel_unshuffle expects a positive downscale_factor, but got {DownscaleFactor}");
        if (input[-2] % DownscaleFactor != 0)
            throw AutogradException.Shape($"pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)={input[-2]} is not divisible by {DownscaleFactor}");
        if (input[-1] % DownscaleFactor != 0)
            throw AutogradException.Shape($"pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)={input[-1]} is not divisible by {DownscaleFactor}");
        return Shape.Of([.. input.Sizes[..^3], input[-3] * DownscaleFactor * DownscaleFactor, input[-2] / DownscaleFactor, input[-1] / DownscaleFactor]);
    }
}
