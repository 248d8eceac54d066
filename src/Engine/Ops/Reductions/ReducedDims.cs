namespace AutogradService.Engine.Ops;

/// <summary>The dim and keepdim attributes that reductions share.</summary>
internal static class ReducedDims
{
    /// <summary>The dims to reduce; none given, or an empty list, means all.</summary>
    public static IEnumerable<long>? OrAll(Dims? dims) => dims is null or { Count: 0 } ? null : dims;

    /// <summary>Which dims are reduced.</summary>
    /// <exception cref="AutogradException">DIM_OUT_OF_RANGE, or a dim given twice.</exception>
    public static bool[] Mask(int rank, Dims? dims)
    {
        var mask = new bool[Math.Max(rank, 1)];
        if (dims is null or { Count: 0 })
        {
            Array.Fill(mask, true);
            return mask;
        }
        foreach (long dim in dims)
        {
            int d = Engine.Shape.WrapDim(dim, rank);
            if (mask[d]) throw AutogradException.Attribute($"dim {d} appears multiple times in the list of dims");
            mask[d] = true;
        }
        return mask;
    }

    /// <summary>The shape after the reduction.</summary>
    public static Shape Shape(Shape shape, Dims? dims, bool keepdim)
    {
        var mask = Mask(shape.Rank, dims);
        Span<long> sizes = stackalloc long[shape.Rank];
        int n = 0;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (!mask[d]) sizes[n++] = shape[d];
            else if (keepdim) sizes[n++] = 1;
        }
        return Engine.Shape.Of(sizes[..n]);
    }

    /// <summary>How many elements are reduced into one.</summary>
    public static long Count(Shape shape, Dims? dims)
    {
        var mask = Mask(shape.Rank, dims);
        long count = 1;
        for (int d = 0; d < shape.Rank; d++)
            if (mask[d]) count *= shape[d];
        return count;
    }

    /// <summary>Refuses to take the extremum of nothing.</summary>
    /// <exception cref="AutogradException">A reduced dim, or the whole tensor, has no elements.</exception>
    public static void RequireElements(string op, Shape shape, Dims? dims)
    {
        if (shape.Numel != 0) return;
        if (dims is null or { Count: 0 })
            throw AutogradException.Attribute($"{op}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
        foreach (long dim in dims)
            if (shape[Engine.Shape.WrapDim(dim, shape.Rank)] == 0)
                throw AutogradException.Index($"{op}(): Expected reduction dim {Engine.Shape.WrapDim(dim, shape.Rank)} to have non-zero size.");
    }

    /// <summary>The gradient of an extremum, shared evenly by the elements that reach it.</summary>
    public static Tensor ShareEvenly(Tensor grad, Tensor mask, Dims? dims) => grad.Mul(mask).Div(mask.Sum(dims, keepdim: true));

    /// <summary>The same elements as a contiguous matrix: a row for each result, holding what is reduced into it. Copies if it must.</summary>
    public static Tensor Rows(Tensor x, Dims? dims)
    {
        var mask = Mask(x.Dim, dims);
        var sizes = new long[x.Dim];
        var strides = new long[x.Dim];
        long outer = 1, inner = 1;
        int n = 0;
        for (int pass = 0; pass < 2; pass++)
            for (int d = 0; d < x.Dim; d++)
            {
                if (mask[d] != (pass == 1)) continue;
                sizes[n] = x.Shape[d];
                strides[n++] = x.StridesArray[d];
                if (pass == 0) outer *= x.Shape[d];
                else inner *= x.Shape[d];
            }
        var rows = x.Workspace.RawContiguous(x.Alias(Engine.Shape.Of(sizes), strides, x.Offset));
        var matrix = Engine.Shape.Of(outer, inner);
        return rows.Alias(matrix, matrix.ContiguousStrides, rows.Offset);
    }

    /// <summary>Puts dims of size 1 back where they were reduced away, so that the result broadcasts against the input.</summary>
    public static Tensor Restore(Tensor reduced, Shape shape, Dims? dims, bool keepdim)
    {
        if (keepdim || shape.Rank == 0) return reduced;
        var mask = Mask(shape.Rank, dims);
        var sizes = new long[shape.Rank];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = mask[d] ? 1 : shape[d];
        return reduced.View(Dims.Create(sizes));
    }
}
