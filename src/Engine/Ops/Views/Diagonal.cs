namespace AutogradService.Engine.Ops;

/// <summary>A view of the diagonal of two dims, put last; a positive offset lies above the main diagonal.</summary>
[Op("diagonal(self, offset, dim1, dim2)")]
public sealed partial record Diagonal(long Offset = 0, long Dim1 = 0, long Dim2 = 1) : ViewOp, IOp<Diagonal>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Diagonal>((op, x) => Definition(x[0], op.Offset, op.Dim1, op.Dim2));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Diagonal(), s.Any(3, 4)),
        Sample.Of(new Diagonal(1), s.Any(3, 3)),
        Sample.Of(new Diagonal(-1, -1, 0), s.Any(3, 2, 4)),
        Sample.Of(new Diagonal(5), s.Any(3, 4)),
        Sample.Of(new Diagonal(), s.Strided(3, 4)),
    ];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x) => Part.Diagonal(x, Offset, Dim1, Dim2);

    // zeros with g on the diagonal
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.DiagonalBackward(Dims.Of(saved.Shape(0)), Offset, Dim1, Dim2);

    internal static NdArray Definition(NdArray x, long offset, long dim1, long dim2)
    {
        int rank = x.Shape.Rank, a = Shape.WrapDim(dim1, rank), b = Shape.WrapDim(dim2, rank);
        long row = Math.Max(-offset, 0), column = Math.Max(offset, 0);
        long length = Math.Max(Math.Min(x.Shape[a] - row, x.Shape[b] - column), 0);
        var rest = Enumerable.Range(0, rank).Where(d => d != a && d != b).ToArray();
        return NdArray.Build(Shape.Of([.. rest.Select(d => x.Shape[d]), length]), i =>
        {
            var own = new long[rank];
            for (int d = 0; d < rest.Length; d++) own[rest[d]] = i[d];
            own[a] = row + i[^1];
            own[b] = column + i[^1];
            return x[own];
        });
    }
}
