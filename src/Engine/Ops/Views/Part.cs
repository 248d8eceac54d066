namespace AutogradService.Engine.Ops;

/// <summary>Parts of a tensor's memory as geometry, without autograd: what views, joins and their derivatives are made of.</summary>
internal static class Part
{
    /// <summary>Every step-th element of a dim, from start.</summary>
    public static ViewSpec Slice(Tensor x, int dim, long start, long length, long step = 1)
    {
        var strides = x.Strides.ToArray();
        long offset = x.Offset + start * strides[dim];
        strides[dim] *= step;
        return new(x.Shape.With(dim, length), strides, offset);
    }

    /// <summary>One index of a dim; the dim goes away.</summary>
    public static ViewSpec Select(Tensor x, int dim, long index) =>
        new(x.Shape.Without(dim), [.. x.Strides[..dim], .. x.Strides[(dim + 1)..]], x.Offset + index * x.Strides[dim]);

    /// <summary>The diagonal of two dims, as the last dim.</summary>
    /// <exception cref="AutogradException">DIM_OUT_OF_RANGE, or one dim given twice.</exception>
    public static ViewSpec Diagonal(Tensor x, long diagonal, long first, long second)
    {
        int a = Shape.WrapDim(first, x.Dim), b = Shape.WrapDim(second, x.Dim);
        if (a == b) throw AutogradException.Attribute($"diagonal dimensions cannot be identical {first}, {second}");
        long length = Math.Max(diagonal >= 0 ? Math.Min(x.Shape[a], x.Shape[b] - diagonal) : Math.Min(x.Shape[a] + diagonal, x.Shape[b]), 0);
        var sizes = new List<long>();
        var strides = new List<long>();
        for (int d = 0; d < x.Dim; d++)
        {
            if (d == a || d == b) continue;
            sizes.Add(x.Shape[d]);
            strides.Add(x.Strides[d]);
        }
        long offset = length == 0 ? 0 : diagonal >= 0 ? diagonal * x.Strides[b] : -diagonal * x.Strides[a];
        return new(Shape.Of([.. sizes, length]), [.. strides, x.Strides[a] + x.Strides[b]], x.Offset + offset);
    }

    /// <summary>The same elements with dims in another order.</summary>
    public static ViewSpec Permute(Tensor x, ReadOnlySpan<int> order)
    {
        var sizes = new long[order.Length];
        var strides = new long[order.Length];
        for (int d = 0; d < order.Length; d++)
        {
            sizes[d] = x.Shape[order[d]];
            strides[d] = x.Strides[order[d]];
        }
        return new(Shape.Of(sizes), strides, x.Offset);
    }

    /// <summary>The part as a tensor without history.</summary>
    public static Tensor Over(Tensor x, ViewSpec part) => x.Alias(part.Shape, part.Strides, part.Offset);

    /// <summary>Resolves a dim of a tensor that must have dims.</summary>
    /// <exception cref="AutogradException">DIM_OUT_OF_RANGE.</exception>
    public static int WrapDimOfNonScalar(long dim, int rank)
    {
        int wrapped = Shape.WrapDim(dim, rank);
        return rank > 0 ? wrapped : throw AutogradException.Index($"Dimension specified as {dim} but tensor has no dimensions");
    }
}
