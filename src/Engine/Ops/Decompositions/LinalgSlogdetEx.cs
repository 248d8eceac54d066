using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sign and logarithm of the size of determinants, with the LU factorization and the row exchanges that they were computed by.</summary>
[Op("_linalg_slogdet(self) -> (sign, logabsdet, LU, pivots)", Hidden = true)]
public sealed partial record LinalgSlogdetEx : MultiOp, IOp<LinalgSlogdetEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("linalg_slogdet is tested against its definition, and its factors are those of linalg_lu_factor_ex");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgSlogdetEx(), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgSlogdetEx(), MatrixSamples.Invertible(s, 2, 2, 2))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(2) | Engine.Saves.OutputAt(3);

    internal override bool HasGradient(int output) => output < 2;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.slogdet");
        MatrixChecks.RequireFloat(x[0], "linalg.slogdet");
        var batch = MatrixBatch.BatchOf(x[0]);
        return [new(batch, x[0].DType), new(batch, x[0].DType), new(x[0].Shape, x[0].DType), new(MatrixBatch.With(batch, x[0].Shape[-1]), DType.Int32)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        LinalgLuFactorEx.Run(x[0], y[2], y[3], x[0].Workspace.RawEmpty(MatrixBatch.BatchOf(x[0]), DType.Int32));
        MatrixLoop.Run("slogdet", x[0].DType, MatrixBatch.Count(x[0]), x[0].Shape[-1], new Kernel(y[2], y[3], y[0], y[1]));
    }

    // d log|det A| = tr(A^-1 dA): the gradient is g A^-T. The sign does not change.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[1] is not { } grad) return null;
        var pivots = saved.Output(3);
        var diagonal = grad.Unsqueeze(-1).Expand(Dims.Of(pivots.Shape)).DiagEmbed();
        return saved.Workspace.GradEnabled
            ? saved.Input(0).Transpose(-2, -1).LinalgSolve(diagonal)
            : saved.Output(2).LinalgLuSolve(pivots, diagonal, true, adjoint: true);
    }

    private readonly unsafe struct Kernel(Tensor lu, Tensor pivots, Tensor signs, Tensor logs) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var a = MatrixBatch.At<T>(lu, index);
            int* exchanged = MatrixBatch.VectorAt<int>(pivots, index);
            T sign = T.One, sum = T.Zero;
            for (long i = 0; i < a.Rows; i++)
            {
                T d = a[i, i];
                T own = d > T.Zero ? T.One : d < T.Zero ? T.NegativeOne : d;
                sign *= exchanged[i] == i + 1 ? own : -own;
                sum += T.Log(T.Abs(d));
            }
            // No minus zero for a singular matrix.
            *MatrixBatch.NumberAt<T>(signs, index) = sign == T.Zero ? T.Zero : sign;
            *MatrixBatch.NumberAt<T>(logs, index) = sum;
        }
    }
}
