namespace AutogradService.Engine.Ops;

/// <summary>Cholesky factor of symmetric positive-definite matrices: L with self = L L^T, or with upper U with self = U^T U. One triangle is read.</summary>
[Op("linalg_cholesky(self, upper)")]
public sealed partial record LinalgCholesky(bool Upper = false) : CompositeOp, IOp<LinalgCholesky>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgCholesky>((op, x) => LinalgCholeskyEx.Reference.Compute(new LinalgCholeskyEx(op.Upper), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.ForwardOnly(new LinalgCholesky(), MatrixSamples.PositiveDefinite(s, 2, 3, 3)), Sample.ForwardOnly(new LinalgCholesky(true), MatrixSamples.PositiveDefinite(s, 4, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgCholeskyEx(Upper, checkErrors: true).L;
}
