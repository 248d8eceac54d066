namespace AutogradService.Engine.Ops;

/// <summary>Singular value decomposition self = U diag(S) Vh, values descending; with full_matrices U and Vh are square, else only as long as S. The gradient is meaningful for functions that do not depend on the vectors' signs, for distinct values, and for the first vectors only.</summary>
[Op("linalg_svd(self, full_matrices, driver) -> (U, S, Vh)")]
public sealed partial record LinalgSvd(bool FullMatrices = true, string? Driver = null) : CompositeMultiOp, IOp<LinalgSvd>
{
    /// <inheritdoc/>
    public static Reference Reference => LinalgSvdEx.Reference;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgSvd(false), MatrixSamples.Any(s, 4, 3)), Sample.ForwardOnly(new LinalgSvd(), MatrixSamples.Any(s, 2, 2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (Driver is not null) throw AutogradException.Attribute("torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend.");
        return workspace.ApplyMany(new LinalgSvdEx(FullMatrices), x[0]);
    }
}
