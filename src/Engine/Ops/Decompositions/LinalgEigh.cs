namespace AutogradService.Engine.Ops;

/// <summary>Eigenvalues, ascending, and eigenvectors, the columns, of symmetric matrices: self = V diag(L) V^T. Only the triangle that uplo names is read. The gradient is meaningful for functions that do not depend on the vectors' signs, and for distinct eigenvalues.</summary>
[Op("linalg_eigh(self, uplo) -> (eigenvalues, eigenvectors)")]
public sealed partial record LinalgEigh(string Uplo = "L") : CompositeMultiOp, IOp<LinalgEigh>
{
    /// <inheritdoc/>
    public static Reference Reference => LinalgEighEx.Reference;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new LinalgEigh(), MatrixSamples.Symmetric(s, 4, 4)), Sample.ForwardOnly(new LinalgEigh("U"), MatrixSamples.Symmetric(s, 2, 3, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var (values, vectors) = x[0].LinalgEighEx(Uplo);
        return [values, vectors];
    }
}
