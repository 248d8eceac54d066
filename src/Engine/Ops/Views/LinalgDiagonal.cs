namespace AutogradService.Engine.Ops;

/// <summary>A view of the diagonals of matrices: diagonal of the last two dims.</summary>
[Op("linalg_diagonal(A, offset, dim1, dim2)")]
public sealed partial record LinalgDiagonal(long Offset = 0, long Dim1 = -2, long Dim2 = -1) : CompositeOp, IOp<LinalgDiagonal>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgDiagonal>((op, x) => Diagonal.Definition(x[0], op.Offset, op.Dim1, op.Dim2));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgDiagonal(), s.Any(2, 3, 4)), Sample.Of(new LinalgDiagonal(1), s.Any(3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Diagonal(Offset, Dim1, Dim2);
}
