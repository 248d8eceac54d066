namespace AutogradService.Engine.Ops;

/// <summary>Views of a dim in at most so many pieces of one size, but for a shorter last one.</summary>
[Op("chunk(self, chunks, dim) -> outputs*")]
public sealed partial record Chunk(long Chunks, long Dim = 0) : CompositeMultiOp, IOp<Chunk>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Chunk>((op, x) =>
    {
        long size = x[0].Shape[(int)op.Dim];
        return Split.Reference.Compute(new Split((size + op.Chunks - 1) / op.Chunks, op.Dim), x);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Chunk(2), s.Any(5, 2)), Sample.Of(new Chunk(3, -1), s.Any(2, 4)), Sample.Of(new Chunk(4), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim == 0) throw AutogradException.Shape("chunk expects at least a 1-dimensional tensor");
        if (Chunks <= 0) throw AutogradException.Attribute($"chunk expects `chunks` to be greater than 0, got: {Chunks}");
        long size = x[0].Shape[Shape.WrapDim(Dim, x[0].Dim)];
        // So many empty pieces as were asked for: split makes one of an empty dim.
        return size == 0 ? x[0].SplitWithSizes(Dims.Create(new long[PieceLimit.Bounded(Chunks)]), Dim) : x[0].Split((size - 1) / Chunks + 1, Dim);
    }
}
