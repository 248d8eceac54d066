namespace AutogradService.Engine.Ops;

/// <summary>Cholesky factor of symmetric positive-definite matrices, the older form of linalg_cholesky.</summary>
[Op("cholesky(self, upper)")]
public sealed partial record Cholesky(bool Upper = false) : ComputeOp, IOp<Cholesky>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cholesky>((op, x) => LinalgCholeskyEx.Reference.Compute(new LinalgCholeskyEx(op.Upper), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.ForwardOnly(new Cholesky(), MatrixSamples.PositiveDefinite(s, 2, 3, 3)), Sample.ForwardOnly(new Cholesky(true), MatrixSamples.PositiveDefinite(s, 4, 4))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "cholesky");
        if (!x[0].DType.IsFloatingPoint || x[0].DType.ComputeType != x[0].DType) throw AutogradException.DTypeUnsupported("cholesky_cpu", x[0].DType);
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var info = y.Workspace.RawEmpty(MatrixBatch.BatchOf(y), DType.Int32);
        LinalgCholeskyEx.Run(x[0], Upper, y, info);
        MatrixChecks.Throw("cholesky", info);
    }

    // As linalg_cholesky_ex.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => LinalgCholeskyEx.Backward(grad, saved.Output(), Upper);
}
