using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = B (X A = B if not left, with A^T if adjoint) where A is given by its LU factorization LU and pivots. Batches broadcast.</summary>
[Op("linalg_lu_solve(LU, pivots!, B, left, adjoint)")]
public sealed partial record LinalgLuSolve(bool Left = true, bool Adjoint = false) : ComputeOp, IOp<LinalgLuSolve>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("A has to be multiplied from its factors first; tests/Engine.Tests/Ops/DecompositionTests does so");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        foreach (bool left in (bool[])[true, false])
            foreach (bool adjoint in (bool[])[true, false])
            {
                var (lu, pivots, _) = MatrixSamples.Invertible(s, 3, 3).LinalgLuFactorEx();
                yield return Sample.Of(new LinalgLuSolve(left, adjoint), lu, pivots, left ? MatrixSamples.Any(s, 2, 3, 2) : MatrixSamples.Any(s, 2, 3));
            }
    }

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Input(1) | (needs[0] ? Engine.Saves.Output : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixChecks.RequireFloat(x[0], "torch.linalg.lu_solve");
        if (x[0].DType != x[2].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type {x[0].DType.TorchName} and B of type {x[2].DType.TorchName} instead");
        if (x[1].DType != DType.Int32) throw AutogradException.Attribute("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32");
        MatrixChecks.RequireSquare(x[0], "torch.linalg.lu_solve", "LU");
        MatrixChecks.RequireSystem(x[0], x[2], Left, "linalg.lu_solve");
        if (x[1].Dim == 0 || x[0].Shape[-1] != x[1].Shape[-1]) throw AutogradException.Shape("linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix");
        return new(MatrixBatch.With(Shape.Broadcast(MatrixBatch.BatchOf(x[0]), MatrixBatch.BatchOf(x[2])), x[2].Shape[-2], x[2].Shape[-1]), x[2].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var ws = y.Workspace;
        using var scope = ws.Scope();
        var batch = MatrixBatch.BatchOf(y);
        var target = Left ? y : ws.RawEmpty(MatrixBatch.With(batch, y.Shape[-1], y.Shape[-2]), y.DType);
        var b = MatrixBatch.Expand(x[2], batch);
        MatrixBatch.Copy(Left ? b : MatrixBatch.Transposed(b), target);
        var lu = ws.RawContiguous(MatrixBatch.Expand(x[0], batch));
        var pivots = ws.RawContiguous(x[1].Expand(Dims.Of(MatrixBatch.With(batch, x[1].Shape[-1]))));
        MatrixChecks.RequirePivots(pivots, lu.Shape[-2], "linalg.lu_solve");
        if (y.Numel > 0) MatrixLoop.Run("lu_solve_cpu", y.DType, batch.Numel, 2.0 * lu.Shape[-1] * target.Numel / Math.Max(batch.Numel, 1), new Kernel(lu, pivots, target, Left == Adjoint));
        if (!Left) MatrixBatch.Copy(MatrixBatch.Transposed(target), y);
    }

    // The adjoint system gives S for B. With R = -S X^T for A^T's or A's sake (see below), A = P L U takes dA's gradient apart: GL = tril(L^-T ...), GU = triu(...).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor lu = saved.Input(0), pivots = saved.Input(1);
        var solved = lu.LinalgLuSolve(pivots, grad, Left, !Adjoint);
        if (input == 2) return solved;
        // d(A) gets -S X^T (left), -X^T S (right); with the adjoint matrix the transpose of that.
        var x = saved.Output().Transpose(-2, -1);
        var full = Left ? solved.Matmul(x) : x.Matmul(solved);
        if (Adjoint) full = full.Transpose(-2, -1);
        var (p, l, u) = lu.LuUnpack(pivots);
        // dA = P (dL U + L dU).
        var rotated = p.Transpose(-2, -1).Matmul(full).Neg();
        return rotated.Matmul(u.Transpose(-2, -1)).Tril(-1) + l.Transpose(-2, -1).Matmul(rotated).Triu();
    }

    private readonly unsafe struct Kernel(Tensor lu, Tensor pivots, Tensor b, bool transposed) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
            LuFactorization.Solve(MatrixBatch.At<T>(lu, index), MatrixBatch.VectorAt<int>(pivots, index), MatrixBatch.At<T>(b, index), transposed);
    }
}
