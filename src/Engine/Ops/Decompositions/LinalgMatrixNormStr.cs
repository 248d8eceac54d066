namespace AutogradService.Engine.Ops;

/// <summary>Frobenius ("fro") or nuclear ("nuc") norm of matrices in two dims: the root of the sum of squares, or the sum of singular values.</summary>
[Op("linalg_matrix_norm.str_ord(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgMatrixNormStr(string Ord = "fro", Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<LinalgMatrixNormStr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgMatrixNormStr>((op, x) =>
        x[0].Reduce(op.Dim ?? [-2, -1], op.Keepdim, v => op.Ord == "nuc" && v.Length != 4 ? throw new NotSupportedException("only of 2 x 2 matrices") : op.Ord == "fro" ? Math.Sqrt(v.Sum(e => e * e)) : Math.Sqrt(v.Sum(e => e * e) + 2 * Math.Abs(v[0] * v[3] - v[1] * v[2]))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgMatrixNormStr(), MatrixSamples.Any(s, 3, 4)),
        Sample.Of(new LinalgMatrixNormStr("fro", [0, 2], true), MatrixSamples.Any(s, 2, 3, 4)),
        Sample.Of(new LinalgMatrixNormStr("nuc"), MatrixSamples.Any(s, 2, 2)),
        Sample.Of(new LinalgMatrixNormStr("nuc", [0, 2], true), MatrixSamples.Any(s, 2, 3, 2)),
        Sample.Of(new LinalgMatrixNormStr("nuc", [-1, 0]), MatrixSamples.Any(s, 2, 3, 2)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Ord is not ("fro" or "nuc")) throw AutogradException.Attribute($"linalg.matrix_norm: Order {Ord} not supported.");
        var a = x[0];
        var (row, column) = MatrixNorms.RequireDims(a, Dim, DType, halfToo: Ord == "fro");
        return Ord == "fro"
            ? a.LinalgVectorNorm(2L, [row, column], Keepdim, DType)
            : MatrixNorms.Restore(MatrixNorms.SingularValues(a, row, column, DType).Sum([-1], Keepdim), a.Dim, row, column, Keepdim);
    }
}
