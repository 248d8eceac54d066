namespace AutogradService.Engine.Ops;

/// <summary>Views of consecutive pieces of a dim, of the given sizes.</summary>
[Op("split_with_sizes(self, split_sizes, dim) -> outputs*")]
public sealed partial record SplitWithSizes(Dims SplitSizes, long Dim = 0) : MultiViewOp, IOp<SplitWithSizes>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<SplitWithSizes>((op, x) =>
        [.. op.SplitSizes.Select((size, n) => Narrow.Reference.Compute(new Narrow(op.Dim, op.SplitSizes.Take(n).Sum(), size), x)[0])]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SplitWithSizes([1, 0, 3]), s.Any(4, 2)), Sample.Of(new SplitWithSizes([2, 1], -1), s.Strided(2, 3))];

    /// <inheritdoc/>
    public override ViewSpec[] Geometries(Tensor x)
    {
        if (x.Dim == 0) throw AutogradException.Shape("split expects at least a 1-dimensional tensor");
        int dim = Shape.WrapDim(Dim, x.Dim);
        long sum = 0;
        foreach (long size in SplitSizes)
        {
            if (size < 0) throw AutogradException.Attribute($"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={SplitSizes}");
            sum += size;
        }
        if (sum != x.Shape[dim])
            throw AutogradException.Shape($"split_with_sizes expects split_sizes to sum exactly to {x.Shape[dim]} (input tensor's size at dimension {dim}), but got split_sizes={SplitSizes}");
        return Split.Pieces(x, dim, SplitSizes.Values);
    }

    // the parts' gradients joined; zeros where none arrived
    /// <inheritdoc/>
    public override Tensor Vjp(Grads grads, Saved saved) => Split.Join(grads, saved.Workspace, Dim);
}
