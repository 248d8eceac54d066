using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Channels become pixels: (..., channels r^2, height, width) to (..., channels, height r, width r), where r is upscale_factor.</summary>
[Op("pixel_shuffle(self, upscale_factor)")]
public sealed partial record PixelShuffle(long UpscaleFactor) : ComputeOp, IOp<PixelShuffle>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PixelShuffle>((op, x) =>
    {
        long r = op.UpscaleFactor;
        return NdArray.Build(op.Target(x[0].Shape), i => x[0][[.. i[..^3], (i[^3] * r + i[^2] % r) * r + i[^1] % r, i[^2] / r, i[^1] / r]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new PixelShuffle(2), s.Any(2, 8, 2, 3)), Sample.Of(new PixelShuffle(3), s.Any(9, 1, 2)), Sample.Of(new PixelShuffle(1), s.Any(2, 1, 2, 1, 2)), Sample.Of(new PixelShuffle(2), s.Any(1, 4, 0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Target(x[0].Shape), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Transfer.Into(Blocks(y.Workspace.RawContiguous(x[0]), UpscaleFactor), y.Alias(Apart(y.Shape, UpscaleFactor), Apart(y.Shape, UpscaleFactor).ContiguousStrides, y.Offset));
    }

    // Every element goes to one place: the gradient goes back the same way.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.PixelUnshuffle(UpscaleFactor);

    /// <summary>The shape of the larger image with its rows and columns in groups of r: batch x channels x height x r x width x r.</summary>
    internal static Shape Apart(Shape image, long r) => Shape.Of(Shape.Of(image.Sizes[..^3]).Numel, image[-3], image[-2] / r, r, image[-1] / r, r);

    /// <summary>A contiguous tensor of many channels in the same order.</summary>
    internal static Tensor Blocks(Tensor x, long r)
    {
        long batch = Shape.Of(x.Shape.Sizes[..^3]).Numel, channels = x.Shape[-3], height = x.Shape[-2], width = x.Shape[-1], plane = height * width;
        return x.Alias(Shape.Of(batch, channels / (r * r), height, r, width, r), [channels * plane, r * r * plane, width, r * plane, 1, plane], x.Offset);
    }

    private Shape Target(Shape input)
    {
        if (input.Rank < 3) throw AutogradException.Shape($"pixel_shuffle expects input to have at least 3 dimensions, but got input with {input.Rank} dimension(s)");
        if (UpscaleFactor <= 0) throw AutogradException.Attribute($"pixel_shuffle expects a positive upscale_factor, but got {UpscaleFactor}");
        long square = UpscaleFactor * UpscaleFactor;
        if (input[-3] % square != 0)
            throw AutogradException.Shape($"pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)={input[-3]} is not divisible by {square}");
        return Shape.Of([.. input.Sizes[..^3], input[-3] / square, input[-2] * UpscaleFactor, input[-1] * UpscaleFactor]);
    }
}
