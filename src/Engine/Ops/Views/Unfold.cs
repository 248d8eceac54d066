namespace AutogradService.Engine.Ops;

/// <summary>A view of all windows of a size along a dim, step apart: the dim counts the windows, a new last dim runs inside them.</summary>
[Op("unfold(self, dimension, size, step)", Page = "torch.Tensor.unfold")]
public sealed partial record Unfold(long Dimension, long Size, long Step) : ViewOp, IOp<Unfold>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Unfold>((op, x) =>
    {
        if (x[0].Shape.Rank == 0) return new NdArray(Shape.Of(1), x[0].Values);
        int dim = Shape.WrapDim(op.Dimension, x[0].Shape.Rank);
        long windows = (x[0].Shape[dim] - op.Size) / op.Step + 1;
        return NdArray.Build(Shape.Of([.. x[0].Shape.With(dim, windows).Sizes, op.Size]), i =>
        {
            var own = i[..^1];
            own[dim] = i[dim] * op.Step + i[^1];
            return x[0][own];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Unfold(0, 2, 1), s.Any(4)), Sample.Of(new Unfold(-1, 3, 2), s.Any(2, 7)), Sample.Of(new Unfold(0, 2, 3), s.Any(6, 2)), Sample.Of(new Unfold(0, 1, 1), s.Any())];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        int dim = Shape.WrapDim(Dimension, x.Dim);
        long size = x.Dim == 0 ? 1 : x.Shape[dim], stride = x.Dim == 0 ? 1 : x.Strides[dim];
        if (Size < 0) throw AutogradException.Attribute($"size is {Size} but must be >= 0");
        if (Size > size) throw AutogradException.Shape($"maximum size for tensor at dimension {dim} is {size} but size is {Size}");
        if (Step <= 0) throw AutogradException.Attribute($"step is {Step} but must be > 0");
        if (x.Dim == 0) return new(Shape.Of(Size), [1], x.Offset);
        long[] sizes = [.. x.Shape.Sizes, Size], strides = [.. x.Strides, stride];
        sizes[dim] = (size - Size) / Step + 1;
        strides[dim] = stride * Step;
        return new(Shape.Of(sizes), strides, x.Offset);
    }

    // windows of g added up where they overlap
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.UnfoldBackward(Dims.Of(saved.Shape(0)), Dimension, Size, Step);
}
