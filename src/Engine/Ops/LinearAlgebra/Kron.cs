namespace AutogradService.Engine.Ops;

/// <summary>Kronecker product: blocks of other, each times an element of self. Missing dims are of size 1.</summary>
[Op("kron(self, other)")]
public sealed partial record Kron : CompositeOp, IOp<Kron>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Kron>((_, x) =>
    {
        int rank = Math.Max(x[0].Shape.Rank, x[1].Shape.Rank);
        long[] a = Padded(x[0].Shape, rank), b = Padded(x[1].Shape, rank);
        NdArray self = new(Shape.Of(a), x[0].Values), other = new(Shape.Of(b), x[1].Values);
        return NdArray.Build(Shape.Of([.. a.Zip(b, (m, n) => m * n)]), i => self[[.. i.Select((k, d) => k / b[d])]] * other[[.. i.Select((k, d) => k % b[d])]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Kron(), s.Any(2, 3), s.Any(3, 2)), Sample.Of(new Kron(), s.Any(2), s.Strided(3, 2)), Sample.Of(new Kron(), s.Any(2, 1, 2), s.Any(3)), Sample.Of(new Kron(), s.Any(), s.Any(2)), Sample.Of(new Kron(), s.Any(0, 2), s.Any(2, 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        int rank = Math.Max(x[0].Dim, x[1].Dim);
        long[] a = Padded(x[0].Shape, rank), b = Padded(x[1].Shape, rank);
        long[] left = new long[2 * rank], right = new long[2 * rank], sizes = new long[rank];
        for (int d = 0; d < rank; d++)
        {
            (left[2 * d], left[2 * d + 1], right[2 * d], right[2 * d + 1]) = (a[d], 1, 1, b[d]);
            sizes[d] = a[d] * b[d];
        }
        return x[0].Reshape(Dims.Create(left)).Mul(x[1].Reshape(Dims.Create(right))).UnsafeView(Dims.Create(sizes));
    }

    private static long[] Padded(Shape shape, int rank) => [.. Enumerable.Repeat(1L, rank - shape.Rank), .. shape.Sizes];
}
