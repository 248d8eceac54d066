namespace AutogradService.Engine.Ops;

/// <summary>The inverse of A = L L^T, given by its Cholesky factor self (U with upper).</summary>
[Op("cholesky_inverse(self, upper)")]
public sealed partial record CholeskyInverse(bool Upper = false) : ComputeOp, IOp<CholeskyInverse>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CholeskyInverse>((op, x) => MatrixDefinitions.Each(x[0], l =>
    {
        var factor = op.Upper ? MatrixDefinitions.Transpose(MatrixDefinitions.Triangle(l, true, false)) : MatrixDefinitions.Triangle(l, false, false);
        return MatrixDefinitions.Solve(MatrixDefinitions.Multiply(factor, MatrixDefinitions.Transpose(factor)), MatrixDefinitions.Identity(l.GetLength(0)));
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new CholeskyInverse(), MatrixSamples.Triangular(s, 3, 3)), Sample.Of(new CholeskyInverse(true), MatrixSamples.Triangular(s, 2, 3, 3)), Sample.Of(new CholeskyInverse(), MatrixSamples.Triangular(s, 0, 0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "cholesky_inverse");
        if (!x[0].DType.IsFloatingPoint || x[0].DType.ComputeType != x[0].DType) throw AutogradException.DTypeUnsupported("cholesky_inverse_out_cpu", x[0].DType);
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var eye = y.Workspace.Eye(y.Shape[-1], dtype: y.DType).Expand(Dims.Of(y.Shape));
        new CholeskySolve(Upper).Forward(new Inputs([eye, x[0]], default), y);
    }

    // W = A^-1, A = L L^T: the gradient is -W (G + G^T) W L, one triangle of it.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor factor = saved.Input(0), inverse = saved.Output();
        var sum = inverse.Matmul(grad + grad.Transpose(-2, -1)).Matmul(inverse);
        return Upper ? factor.Triu().Matmul(sum).Neg().Triu() : sum.Matmul(factor.Tril()).Neg().Tril();
    }
}
