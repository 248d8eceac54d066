namespace AutogradService.Engine.Ops;

/// <summary>Singular values of matrices, descending.</summary>
[Op("linalg_svdvals(self, driver)")]
public sealed partial record LinalgSvdvals(string? Driver = null) : CompositeOp, IOp<LinalgSvdvals>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("as linalg_svd, which it calls");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgSvdvals(), MatrixSamples.Any(s, 4, 3)), Sample.Of(new LinalgSvdvals(), MatrixSamples.Any(s, 2, 2, 3)), Sample.Of(new LinalgSvdvals(), MatrixSamples.Any(s, 0, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Driver is not null) throw AutogradException.Attribute("torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend.");
        return x[0].LinalgSvdEx(false, MatrixBatch.MayBeDifferentiated(x[0])).S;
    }
}
