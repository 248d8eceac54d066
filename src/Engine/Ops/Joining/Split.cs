namespace AutogradService.Engine.Ops;

/// <summary>Views of consecutive pieces of a dim, of one size each but for a shorter last one.</summary>
[Op("split(self, split_size, dim) -> outputs*")]
public sealed partial record Split(long SplitSize, long Dim = 0) : MultiViewOp, IOp<Split>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Split>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return [.. op.Sizes(x[0].Shape[dim]).Select((size, n) => Narrow.Reference.Compute(new Narrow(dim, n * op.SplitSize, size), x)[0])];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Split(2), s.Any(5, 2)), Sample.Of(new Split(2, -1), s.Any(2, 4)), Sample.Of(new Split(7), s.Any(3)), Sample.Of(new Split(0), s.Any(0, 2)), Sample.Of(new Split(1, 1), s.Strided(2, 3))];

    /// <inheritdoc/>
    public override ViewSpec[] Geometries(Tensor x)
    {
        if (x.Dim == 0) throw AutogradException.Shape("split expects at least a 1-dimensional tensor");
        int dim = Shape.WrapDim(Dim, x.Dim);
        if (SplitSize < 0) throw AutogradException.Attribute($"split expects split_size be non-negative, but got split_size={SplitSize}");
        if (SplitSize == 0 && x.Shape[dim] != 0)
            throw AutogradException.Attribute($"split_size can only be 0 if dimension size is 0, but got dimension size of {x.Shape[dim]}");
        return Pieces(x, dim, Sizes(x.Shape[dim]));
    }

    // the parts' gradients joined; zeros where none arrived
    /// <inheritdoc/>
    public override Tensor Vjp(Grads grads, Saved saved) => Join(grads, saved.Workspace, Dim);

    /// <summary>Consecutive pieces of the given sizes.</summary>
    internal static ViewSpec[] Pieces(Tensor x, int dim, ReadOnlySpan<long> sizes)
    {
        var views = new ViewSpec[sizes.Length];
        long start = 0;
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = Part.Slice(x, dim, start, sizes[i]);
            start += sizes[i];
        }
        return views;
    }

    /// <summary>The gradients of the pieces, put together; zeros where none arrived.</summary>
    internal static Tensor Join(Grads grads, Workspace workspace, long dim)
    {
        var parts = new Tensor[grads.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = grads.OrZeros(i);
        return workspace.Cat(parts, dim);
    }

    private long[] Sizes(long size)
    {
        if (SplitSize == 0) return [0];
        var sizes = new long[size == 0 ? 1 : PieceLimit.Bounded((size - 1) / SplitSize + 1)];
        Array.Fill(sizes, SplitSize);
        sizes[^1] = size - SplitSize * (sizes.Length - 1);
        return sizes;
    }
}
