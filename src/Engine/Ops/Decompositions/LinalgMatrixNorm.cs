namespace AutogradService.Engine.Ops;

/// <summary>Norm of matrices in two dims, of order 1, -1, 2, -2, inf or -inf: the largest (smallest, if negative) sum of a column's sizes, singular value, sum of a row's sizes.</summary>
[Op("linalg_matrix_norm(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgMatrixNorm(Scalar Ord, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<LinalgMatrixNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgMatrixNorm>((op, x) =>
    {
        double[] Sums(double[,] a, bool rows) =>
            [.. Enumerable.Range(0, a.GetLength(rows ? 0 : 1)).Select(i => Enumerable.Range(0, a.GetLength(rows ? 1 : 0)).Sum(j => Math.Abs(rows ? a[i, j] : a[j, i])))];
        var result = MatrixDefinitions.Number(x[0], a => op.Ord.Real switch
        {
            1 => Sums(a, false).Max(),
            -1 => Sums(a, false).Min(),
            double.PositiveInfinity => Sums(a, true).Max(),
            _ => Sums(a, true).Min(),
        });
        return op.Keepdim ? new NdArray(Shape.Of([.. result.Shape.Sizes, 1, 1]), result.Values) : result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgMatrixNorm(1L), MatrixSamples.Any(s, 3, 4)),
        Sample.Of(new LinalgMatrixNorm(-1L, [-2, -1], true), MatrixSamples.Any(s, 3, 4)),
        Sample.Of(new LinalgMatrixNorm(double.PositiveInfinity), MatrixSamples.Any(s, 2, 3, 4)),
        Sample.Of(new LinalgMatrixNorm(double.NegativeInfinity), MatrixSamples.Any(s, 2, 3, 4)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        double order = Ord.Real;
        if (Math.Abs(order) is not (1 or 2 or double.PositiveInfinity))
            throw AutogradException.Attribute($"linalg.matrix_norm: Order {Format(order)} not supported.");
        var a = x[0];
        var (row, column) = MatrixNorms.RequireDims(a, Dim, DType, halfToo: Math.Abs(order) != 2);
        if (Math.Abs(order) == 2)
        {
            var values = MatrixNorms.SingularValues(a, row, column, DType);
            return MatrixNorms.Restore(order > 0 ? values.Amax([-1], Keepdim) : values.Amin([-1], Keepdim), a.Dim, row, column, Keepdim);
        }
        if (double.IsInfinity(order)) (row, column) = (column, row);
        var sums = a.LinalgVectorNorm(1L, [row], Keepdim, DType);
        if (!Keepdim && row < column) column--;
        return order > 0 ? sums.Amax([column], Keepdim) : sums.Amin([column], Keepdim);
    }

    private static string Format(double order) => order.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
