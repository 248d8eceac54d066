namespace AutogradService.Engine.Ops;

/// <summary>The n-th power of square matrices, by squaring; a negative n inverts first, 0 gives unit matrices.</summary>
[Op("linalg_matrix_power(self, n)")]
public sealed partial record LinalgMatrixPower(long N) : CompositeOp, IOp<LinalgMatrixPower>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgMatrixPower>((op, x) => MatrixDefinitions.Each(x[0], a =>
    {
        var one = MatrixDefinitions.Identity(a.GetLength(0));
        var factor = op.N < 0 ? MatrixDefinitions.Solve(a, one) : a;
        return Enumerable.Range(0, (int)Math.Abs(op.N)).Aggregate(one, (power, _) => MatrixDefinitions.Multiply(power, factor));
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        foreach (long n in (long[])[-3, -1, 0, 1, 2, 3, 5]) yield return Sample.Of(new LinalgMatrixPower(n), MatrixSamples.Invertible(s, 2, 3, 3));
    }

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.matrix_power");
        if (N == 0) return x[0].Clone("contiguous_format").CopyInPlace(workspace.Eye(x[0].Shape[-1], dtype: x[0].DType));
        if (N == 1) return x[0].Clone("contiguous_format");
        if (N == -1) return x[0].LinalgInv();
        var a = N < 0 ? x[0].LinalgInv() : x[0];
        ulong n = N < 0 ? (ulong)-N : (ulong)N;
        if (n == 2) return a.Matmul(a);
        if (n == 3) return a.Matmul(a).Matmul(a);
        Tensor? square = null, result = null;
        for (; n > 0; n /= 2)
        {
            square = square is null ? a : square.Matmul(square);
            if (n % 2 == 1) result = result is null ? square : result.Matmul(square);
        }
        return result!;
    }
}
