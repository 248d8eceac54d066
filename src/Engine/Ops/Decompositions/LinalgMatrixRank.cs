namespace AutogradService.Engine.Ops;

/// <summary>Rank of matrices: how many singular values (sizes of eigenvalues if hermitian) are above max(atol, rtol * largest), as int64.</summary>
[Op("linalg_matrix_rank(self, atol~?!, rtol~?!, hermitian)")]
public sealed partial record LinalgMatrixRank(bool Hermitian = false) : CompositeOp, IOp<LinalgMatrixRank>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgMatrixRank>((_, x) => MatrixDefinitions.Number(x[0], a => Math.Min(a.GetLength(0), a.GetLength(1))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgMatrixRank(), MatrixSamples.Invertible(s, 2, 3, 3), null, null), Sample.Of(new LinalgMatrixRank(true), MatrixSamples.PositiveDefinite(s, 3, 3), s.Number(1e-3), null), Sample.Of(new LinalgMatrixRank(), MatrixSamples.Any(s, 0, 3), null, null)];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        MatrixChecks.RequireMatrix(x[0], "linalg.matrix_rank");
        using var mode = workspace.NoGrad();
        if (x[0].Numel == 0) return workspace.RawFull(MatrixBatch.BatchOf(x[0]), 0L, DType.Int64);
        var values = Hermitian ? x[0].LinalgEigvalsh().Abs() : x[0].LinalgSvdvals();
        return RankTolerance.Counts(x[0], values, x.Optional(1), x.Optional(2), "torch.linalg.matrix_rank").Sum([-1]);
    }
}
