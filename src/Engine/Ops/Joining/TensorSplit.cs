namespace AutogradService.Engine.Ops;

/// <summary>Slices of a dim in so many pieces, the first ones longer by one where it does not divide.</summary>
[Op("tensor_split(self, sections, dim) -> outputs*")]
public sealed partial record TensorSplit(long Sections, long Dim = 0) : CompositeMultiOp, IOp<TensorSplit>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<TensorSplit>((op, x) => SplitWithSizes.Reference.Compute(new SplitWithSizes(Dims.Create(op.Sizes(x[0].Shape[(int)op.Dim])), op.Dim), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new TensorSplit(3), s.Any(5, 2)), Sample.Of(new TensorSplit(2, -1), s.Any(2, 4)), Sample.Of(new TensorSplit(3), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim == 0) throw AutogradException.Shape("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
        if (Sections <= 0) throw AutogradException.Attribute($"number of sections must be larger than 0, got {Sections}");
        var sizes = Sizes(x[0].Shape[Shape.WrapDim(Dim, x[0].Dim)]);
        var pieces = new Tensor[sizes.Length];
        long start = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = x[0].Slice(Dim, start, start + sizes[i]);
            start += sizes[i];
        }
        return pieces;
    }

    private long[] Sizes(long size)
    {
        var sizes = new long[PieceLimit.Bounded(Sections)];
        for (long i = 0; i < Sections; i++) sizes[i] = size / Sections + (i < size % Sections ? 1 : 0);
        return sizes;
    }
}
