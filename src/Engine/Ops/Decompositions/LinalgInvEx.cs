using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverses of square matrices, and info: 0, or where the diagonal of the U factor has a zero.</summary>
[Op("linalg_inv_ex(self, check_errors) -> (inverse, info)")]
public sealed partial record LinalgInvEx(bool CheckErrors = false) : MultiOp, IOp<LinalgInvEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<LinalgInvEx>((_, x) =>
        [MatrixDefinitions.Each(x[0], a => MatrixDefinitions.Solve(a, MatrixDefinitions.Identity(a.GetLength(0)))), MatrixDefinitions.Number(x[0], _ => 0)]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgInvEx(), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgInvEx(true), MatrixSamples.Invertible(s, 2, 4, 4)), Sample.Of(new LinalgInvEx(), MatrixSamples.Invertible(s, 0, 0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.inv");
        MatrixChecks.RequireFloat(x[0], "linalg.inv");
        return [new(x[0].Shape, x[0].DType), new(MatrixBatch.BatchOf(x[0]), DType.Int32)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        var lu = ws.RawEmpty(x[0].Shape, x[0].DType);
        var pivots = ws.RawEmpty(MatrixBatch.With(MatrixBatch.BatchOf(x[0]), x[0].Shape[-1]), DType.Int32);
        LinalgLuFactorEx.Run(x[0], lu, pivots, y[1]);
        double n = x[0].Shape[-1];
        MatrixLoop.Run("inv", x[0].DType, MatrixBatch.Count(x[0]), n * n * n, new Kernel(lu, pivots, y[0]));
        if (CheckErrors) MatrixChecks.Throw("linalg.inv", y[1]);
    }

    // d(A^-1) = -A^-1 dA A^-1: the gradient is -Y^T G Y^T.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        var y = saved.Output().Transpose(-2, -1);
        return y.Matmul(grad.Matmul(y)).Neg();
    }

    private readonly unsafe struct Kernel(Tensor lu, Tensor pivots, Tensor y) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var target = MatrixBatch.At<T>(y, index);
            target.SetDiagonal(T.One);
            LuFactorization.Solve(MatrixBatch.At<T>(lu, index), MatrixBatch.VectorAt<int>(pivots, index), target, transposed: false);
        }
    }
}
