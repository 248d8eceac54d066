namespace AutogradService.Engine.Ops;

/// <summary>Each index of a dim so many times in a row; without a dim, of all elements as one row.</summary>
[Op("repeat_interleave(self, repeats, dim)")]
public sealed partial record RepeatInterleave(long Repeats, long? Dim = null) : CompositeOp, IOp<RepeatInterleave>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<RepeatInterleave>((op, x) =>
    {
        if (op.Dim is not { } dim) return new NdArray(Shape.Of(x[0].Values.Length * op.Repeats), [.. x[0].Values.SelectMany(v => Enumerable.Repeat(v, (int)op.Repeats))]);
        int d = Shape.WrapDim(dim, x[0].Shape.Rank);
        return NdArray.Build(x[0].Shape.With(d, x[0].Shape[d] * op.Repeats), i =>
        {
            i[d] /= op.Repeats;
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new RepeatInterleave(2), s.Any(2, 3)), Sample.Of(new RepeatInterleave(3, 0), s.Any(2, 3)), Sample.Of(new RepeatInterleave(2, -1), s.Strided(2, 3)), Sample.Of(new RepeatInterleave(2), s.Any()), Sample.Of(new RepeatInterleave(0, 0), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Repeats < 0) throw AutogradException.Attribute("Repeats must be non-negative");
        var self = Dim is null ? x[0].Flatten() : x[0];
        int dim = Shape.WrapDim(Dim ?? 0, self.Dim);
        if (self.Dim == 0) self = self.Reshape([1]);
        var copies = self.Unsqueeze(dim + 1).Expand([.. self.Shape.Sizes[..(dim + 1)], Repeats, .. self.Shape.Sizes[(dim + 1)..]]);
        return copies.Clone(Clone.RowMajor).Flatten(dim, dim + 1);
    }
}
