namespace AutogradService.Engine.Ops;

/// <summary>Condition number of matrices: the norm of order p (2 unless given; see linalg_matrix_norm) times that of the inverse; the ratio of singular values for 2 and -2.</summary>
[Op("linalg_cond(self, p)")]
public sealed partial record LinalgCond(Scalar? P = null) : CompositeOp, IOp<LinalgCond>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("tests/Engine.Tests/Ops/DecompositionTests compares it with the product of norms");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgCond(), MatrixSamples.Invertible(s, 2, 3, 3)), Sample.Of(new LinalgCond(-2L), MatrixSamples.Any(s, 2, 3)), Sample.Of(new LinalgCond(1L), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgCond(double.PositiveInfinity), MatrixSamples.Invertible(s, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var a = x[0];
        MatrixChecks.RequireMatrix(a, "linalg.cond");
        double order = (P ?? 2L).Real;
        if (a.Numel == 0) return workspace.RawFull(MatrixBatch.BatchOf(a), 0.0, a.DType);
        if (Math.Abs(order) == 2)
        {
            var values = a.LinalgSvdvals();
            Tensor largest = values.Narrow(-1, 0, 1), smallest = values.Narrow(-1, values.Shape[-1] - 1, 1);
            return (order < 0 ? smallest.Div(largest) : largest.Div(smallest)).Squeeze(-1);
        }
        MatrixChecks.RequireSquare(a, "linalg.cond");
        return Product(a, m => m.LinalgMatrixNorm(P!.Value));
    }

    internal static Tensor Product(Tensor a, Func<Tensor, Tensor> norm)
    {
        var (inverse, info) = a.LinalgInvEx();
        // A singular matrix has no inverse, and an infinite condition number.
        var singular = info.Ne(0L).Unsqueeze(-1).Unsqueeze(-1);
        return norm(a).Mul(norm(inverse.MaskedFill(singular, double.PositiveInfinity))).NanToNum(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity);
    }
}
