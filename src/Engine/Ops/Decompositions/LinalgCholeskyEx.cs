using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Cholesky factor L of symmetric positive-definite matrices, self = L L^T (or U^T U), and info: 0, or the order of the first leading minor that is not positive. One triangle is read.</summary>
[Op("linalg_cholesky_ex(self, upper, check_errors) -> (L, info)")]
public sealed partial record LinalgCholeskyEx(bool Upper = false, bool CheckErrors = false) : MultiOp, IOp<LinalgCholeskyEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<LinalgCholeskyEx>((op, x) =>
    [
        MatrixDefinitions.Each(x[0], a => op.Upper ? MatrixDefinitions.Transpose(MatrixDefinitions.Cholesky(MatrixDefinitions.Transpose(a))) : MatrixDefinitions.Cholesky(a)),
        MatrixDefinitions.Number(x[0], _ => 0),
    ]);

    // Perturbed elements one by one, a matrix is not symmetric any more: tests/Engine.Tests/Ops/DecompositionTests checks the derivative on symmetric ones.
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new LinalgCholeskyEx(), MatrixSamples.PositiveDefinite(s, 3, 3)),
        Sample.ForwardOnly(new LinalgCholeskyEx(true), MatrixSamples.PositiveDefinite(s, 2, 4, 4)),
        Sample.ForwardOnly(new LinalgCholeskyEx(), MatrixSamples.PositiveDefinite(s, 0, 0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.cholesky");
        MatrixChecks.RequireFloat(x[0], "linalg.cholesky");
        return [new(x[0].Shape, x[0].DType), new(MatrixBatch.BatchOf(x[0]), DType.Int32)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        Run(x[0], Upper, y[0], y[1]);
        if (CheckErrors) MatrixChecks.Throw("linalg.cholesky", y[1]);
    }

    // A = L L^T: with P(X) the lower triangle with half the diagonal, dL = L P(L^-1 dA L^-T); the adjoint, made symmetric, is L^-T (P(L^T G) + P(L^T G)^T) L^-1 / 2.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => grads[0] is { } grad ? Backward(grad, saved.Output(), Upper) : null;

    internal static Tensor Backward(Tensor grad, Tensor factor, bool upper)
    {
        var l = upper ? factor.Transpose(-2, -1) : factor;
        var g = upper ? grad.Transpose(-2, -1) : grad;
        var lower = l.Transpose(-2, -1).Matmul(g).Tril();
        var symmetric = 0.5 * (lower + lower.Tril(-1).Transpose(-2, -1));
        return l.LinalgSolveTriangular(l.Transpose(-2, -1).LinalgSolveTriangular(symmetric, true), false, left: false);
    }

    /// <summary>Writes the factors; info may be null if nobody asks.</summary>
    internal static void Run(Tensor x, bool upper, Tensor y, Tensor info)
    {
        MatrixBatch.Copy(upper ? MatrixBatch.Transposed(x) : x, y);
        double n = x.Shape[-1];
        MatrixLoop.Run("cholesky_cpu", y.DType, MatrixBatch.Count(y), n * n * n / 3, new Kernel(y, info, upper));
    }

    private readonly unsafe struct Kernel(Tensor y, Tensor info, bool upper) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var a = MatrixBatch.At<T>(y, index);
            *MatrixBatch.NumberAt<int>(info, index) = CholeskyFactorization.Factor(a);
            for (long i = 0; i < a.Rows; i++)
                for (long j = i + 1; j < a.Rows; j++)
                    (a[i, j], a[j, i]) = upper ? (a[j, i], T.Zero) : (T.Zero, a[j, i]);
        }
    }
}
