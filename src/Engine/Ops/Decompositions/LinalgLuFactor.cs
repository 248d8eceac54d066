namespace AutogradService.Engine.Ops;

/// <summary>LU factorization with partial pivoting in one matrix, and the row exchanges; refuses singular matrices.</summary>
[Op("linalg_lu_factor(self, pivot) -> (LU, pivots)")]
public sealed partial record LinalgLuFactor(bool Pivot = true) : CompositeMultiOp, IOp<LinalgLuFactor>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("as linalg_lu_factor_ex, which it calls");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgLuFactor(), MatrixSamples.Invertible(s, 2, 3, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var (lu, pivots, info) = x[0].LinalgLuFactorEx(Pivot);
        MatrixChecks.Throw("torch.linalg.lu_factor", info);
        return [lu, pivots];
    }
}
