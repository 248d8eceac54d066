namespace AutogradService.Engine.Ops;

/// <summary>Copies of a dim in at most so many pieces of one size, but for a shorter last one; unlike the views of chunk, they may be written in place.</summary>
[Op("unsafe_chunk(self, chunks, dim) -> outputs*")]
public sealed partial record UnsafeChunk(long Chunks, long Dim = 0) : CompositeMultiOp, IOp<UnsafeChunk>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<UnsafeChunk>((op, x) => Chunk.Reference.Compute(new Chunk(op.Chunks, op.Dim), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new UnsafeChunk(2), s.Any(5, 2)), Sample.Of(new UnsafeChunk(3, 1), s.Any(2, 4)), Sample.Of(new UnsafeChunk(4), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (self.Dim == 0) throw AutogradException.Shape("chunk expects at least a 1-dimensional tensor");
        if (Chunks <= 0) throw AutogradException.Attribute($"chunk expects `chunks` to be greater than 0, got: {Chunks}");
        int d = Shape.WrapDim(Dim, self.Dim);
        long size = self.Shape[d], piece = size == 0 ? 0 : (size - 1) / Chunks + 1;
        // So many empty pieces as were asked for: unsafe_split makes one of an empty dim.
        return piece > 0 ? self.UnsafeSplit(piece, d) : [.. Enumerable.Range(0, PieceLimit.Bounded(Chunks)).Select(_ => self.UnsafeSplit(0, d)[0])];
    }
}
