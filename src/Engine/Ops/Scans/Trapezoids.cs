namespace AutogradService.Engine.Ops;

/// <summary>What the trapezoidal rules share: distances between sample points.</summary>
internal static class Trapezoids
{
    /// <summary>The differences of x, shaped to multiply the dim of y.</summary>
    public static Tensor Distances(Tensor y, Tensor x, int dim, string op)
    {
        RequireNumbers(y, x, op);
        if (x.Dim == 1)
        {
            if (x.Shape[0] != y.Shape[dim]) throw AutogradException.Shape($"{op}: There must be one `x` value for each sample point");
            var sizes = new long[y.Dim];
            Array.Fill(sizes, 1);
            sizes[dim] = x.Shape[0];
            x = x.View(Dims.Create(sizes));
        }
        else if (x.Dim < y.Dim) x = x.View(Dims.Create([.. Enumerable.Repeat(1L, y.Dim - x.Dim), .. x.Shape.Sizes]));
        return x.Slice(dim, 1) - x.Slice(dim, 0, -1);
    }

    /// <summary>The dim to integrate along; there must be one.</summary>
    public static int DimOf(Tensor y, long dim) =>
        y.Dim > 0 ? Shape.WrapDim(dim, y.Dim) : throw AutogradException.Index($"Dimension specified as {dim} but tensor has no dimensions");

    /// <summary>Refuses truth values.</summary>
    public static void RequireNumbers(Tensor y, Tensor? x, string op)
    {
        if (y.DType == DType.Bool || x?.DType == DType.Bool)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"{op}: received a bool input for `{(x is null ? "y" : "x` or `y")}`, but bool is not supported");
    }

    /// <summary>The definition: the areas between neighbours, in order.</summary>
    public static NdArray Areas(NdArray y, NdArray? x, long dim, double dx)
    {
        int d = Shape.WrapDim(dim, y.Shape.Rank);
        var points = x is { Shape.Rank: 1 } ? new NdArray(Shape.Of([.. Enumerable.Range(0, y.Shape.Rank).Select(k => k == d ? x.Shape[0] : 1L)]), x.Values) : x;
        return NdArray.Build(y.Shape.With(d, Math.Max(y.Shape[d] - 1, 0)), i =>
        {
            var next = (long[])i.Clone();
            next[d]++;
            return (y[i] + y[next]) / 2 * (points is null ? dx : points.Broadcast(next) - points.Broadcast(i));
        });
    }
}
