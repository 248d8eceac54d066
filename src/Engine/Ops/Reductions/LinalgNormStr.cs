namespace AutogradService.Engine.Ops;

/// <summary>Frobenius ("fro") or nuclear ("nuc") norm of matrices, in all dims or in two; see linalg_matrix_norm.</summary>
[Op("linalg_norm.ord_str(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgNormStr(string Ord, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<LinalgNormStr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgNormStr>((op, x) => LinalgMatrixNormStr.Reference.Compute(new LinalgMatrixNormStr(op.Ord, op.Dim, op.Keepdim), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgNormStr("fro"), MatrixSamples.Any(s, 3, 4)), Sample.Of(new LinalgNormStr("nuc", [0, 2], true), MatrixSamples.Any(s, 2, 3, 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Dim is { Count: not (1 or 2) }) throw AutogradException.Attribute($"linalg.norm: If dim is specified, it mut be of length 1 or 2. Got {Dim}");
        if (Dim is null && x[0].Dim is not (1 or 2))
            throw AutogradException.Attribute($"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {x[0].Dim}D.");
        return x[0].LinalgMatrixNorm(Ord, Dim ?? [0, 1], Keepdim, DType);
    }
}
