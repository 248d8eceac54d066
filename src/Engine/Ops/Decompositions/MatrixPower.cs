namespace AutogradService.Engine.Ops;

/// <summary>The n-th power of square matrices; another name of linalg_matrix_power.</summary>
[Op("matrix_power(self, n)")]
public sealed partial record MatrixPower(long N) : CompositeOp, IOp<MatrixPower>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MatrixPower>((op, x) => LinalgMatrixPower.Reference.Compute(new LinalgMatrixPower(op.N), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MatrixPower(3), MatrixSamples.Invertible(s, 2, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgMatrixPower(N);
}
