namespace AutogradService.Engine.Ops;

/// <summary>Eigenvalues, ascending, of symmetric matrices, of which only the triangle is read that uplo names.</summary>
[Op("linalg_eigvalsh(self, uplo)")]
public sealed partial record LinalgEigvalsh(string Uplo = "L") : CompositeOp, IOp<LinalgEigvalsh>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("as linalg_eigh, which it calls");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new LinalgEigvalsh(), MatrixSamples.Symmetric(s, 4, 4)), Sample.ForwardOnly(new LinalgEigvalsh("U"), MatrixSamples.Symmetric(s, 2, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgEighEx(Uplo, MatrixBatch.MayBeDifferentiated(x[0])).Eigenvalues;
}
