using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = B (or X A = B if not left) with triangular matrices A = self; the other triangle is not read, nor the diagonal if unitriangular. Batches broadcast.</summary>
[Op("linalg_solve_triangular(self, B, upper, left, unitriangular)")]
public sealed partial record LinalgSolveTriangular(bool Upper, bool Left = true, bool Unitriangular = false) : ComputeOp, IOp<LinalgSolveTriangular>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgSolveTriangular>((op, x) => MatrixDefinitions.Each(x[0], x[1], (a, b) =>
    {
        var triangle = MatrixDefinitions.Triangle(a, op.Upper, op.Unitriangular);
        return op.Left
            ? MatrixDefinitions.Solve(triangle, b)
            : MatrixDefinitions.Transpose(MatrixDefinitions.Solve(MatrixDefinitions.Transpose(triangle), MatrixDefinitions.Transpose(b)));
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgSolveTriangular(true), MatrixSamples.Triangular(s, 3, 3), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgSolveTriangular(false), MatrixSamples.Triangular(s, 2, 3, 3), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgSolveTriangular(true, false), MatrixSamples.Triangular(s, 3, 3), MatrixSamples.Any(s, 2, 2, 3)),
        Sample.Of(new LinalgSolveTriangular(false, false, true), MatrixSamples.Triangular(s, 3, 3), MatrixSamples.Any(s, 2, 3)),
        Sample.Of(new LinalgSolveTriangular(true, true, true), MatrixSamples.Triangular(s, 2, 1, 3, 3), MatrixSamples.Any(s, 2, 3, 1)),
        Sample.Of(new LinalgSolveTriangular(true), MatrixSamples.Triangular(s, 0, 0), MatrixSamples.Any(s, 0, 2)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | (needs[0] ? Engine.Saves.Output : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixChecks.RequireSameDType(x[0], x[1], "linalg.solve_triangular");
        MatrixChecks.RequireSquare(x[0], "linalg.solve_triangular");
        MatrixChecks.RequireSystem(x[0], x[1], Left, "linalg.solve_triangular");
        if (!x[0].DType.IsFloatingPoint || x[0].DType.ComputeType != x[0].DType) throw AutogradException.DTypeUnsupported("triangular_solve_cpu", x[0].DType);
        return new(MatrixBatch.With(Shape.Broadcast(MatrixBatch.BatchOf(x[0]), MatrixBatch.BatchOf(x[1])), x[1].Shape[-2], x[1].Shape[-1]), x[1].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        // Matrices without elements take no memory, so there may be more of them than anybody can count.
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        var batch = MatrixBatch.BatchOf(y);
        // X A = B is A^T X^T = B^T.
        var target = Left ? y : y.Workspace.RawEmpty(MatrixBatch.With(batch, y.Shape[-1], y.Shape[-2]), y.DType);
        var b = MatrixBatch.Expand(x[1], batch);
        MatrixBatch.Copy(Left ? b : MatrixBatch.Transposed(b), target);
        var a = y.Workspace.RawContiguous(MatrixBatch.Expand(x[0], batch));
        MatrixLoop.Run("triangular_solve_cpu", y.DType, batch.Numel, 1.0 * target.Shape[-2] * target.Shape[-2] * target.Shape[-1], new Kernel(a, target, Upper, !Left, Unitriangular));
        if (!Left) MatrixBatch.Copy(MatrixBatch.Transposed(target), y);
    }

    // X = A^-1 B: dX = A^-1 (dB - dA X). The gradient is S = A^-T G for B, and -S X^T for A, of which the triangle counts that is read.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var solved = saved.Input(0).Transpose(-2, -1).LinalgSolveTriangular(grad, !Upper, Left, Unitriangular);
        if (input == 1) return solved;
        var x = saved.Output().Transpose(-2, -1);
        var full = Left ? solved.Matmul(x) : x.Matmul(solved);
        return Upper ? full.Neg().Triu(Unitriangular ? 1 : 0) : full.Neg().Tril(Unitriangular ? -1 : 0);
    }

    private readonly struct Kernel(Tensor a, Tensor b, bool upper, bool transposed, bool unit) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
            TriangularSystem.SolveLeft(MatrixBatch.At<T>(a, index), MatrixBatch.At<T>(b, index), upper, transposed, unit);
    }
}
