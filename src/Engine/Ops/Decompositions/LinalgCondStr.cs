namespace AutogradService.Engine.Ops;

/// <summary>Condition number of square matrices in the Frobenius ("fro") or nuclear ("nuc") norm: the norm times that of the inverse.</summary>
[Op("linalg_cond.p_str(self, p)")]
public sealed partial record LinalgCondStr(string P) : CompositeOp, IOp<LinalgCondStr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("tests/Engine.Tests/Ops/DecompositionTests compares it with the product of norms");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgCondStr("fro"), MatrixSamples.Invertible(s, 2, 3, 3)), Sample.Of(new LinalgCondStr("nuc"), MatrixSamples.Invertible(s, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (P is not ("fro" or "nuc")) throw AutogradException.Attribute($"linalg.cond got an invalid norm type: {P}");
        MatrixChecks.RequireSquare(x[0], "linalg.cond");
        if (x[0].Numel == 0) return workspace.RawFull(MatrixBatch.BatchOf(x[0]), 0.0, x[0].DType);
        return LinalgCond.Product(x[0], m => m.LinalgMatrixNorm(P));
    }
}
