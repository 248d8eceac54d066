using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = self where A = L L^T is given by its Cholesky factor input2 (U with upper).</summary>
[Op("cholesky_solve(self, input2, upper)")]
public sealed partial record CholeskySolve(bool Upper = false) : ComputeOp, IOp<CholeskySolve>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CholeskySolve>((op, x) => MatrixDefinitions.Each(x[1], x[0], (l, b) =>
    {
        var factor = op.Upper ? MatrixDefinitions.Transpose(MatrixDefinitions.Triangle(l, true, false)) : MatrixDefinitions.Triangle(l, false, false);
        return MatrixDefinitions.Solve(MatrixDefinitions.Multiply(factor, MatrixDefinitions.Transpose(factor)), b);
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new CholeskySolve(), MatrixSamples.Any(s, 3, 2), MatrixSamples.Triangular(s, 3, 3)),
        Sample.Of(new CholeskySolve(true), MatrixSamples.Any(s, 2, 3, 2), MatrixSamples.Triangular(s, 3, 3)),
        Sample.Of(new CholeskySolve(), MatrixSamples.Any(s, 3, 1), MatrixSamples.Triangular(s, 2, 3, 3)),
        Sample.Of(new CholeskySolve(), MatrixSamples.Any(s, 0, 2), MatrixSamples.Triangular(s, 0, 0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Output : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"b should have at least 2 dimensions, but has {x[0].Dim} dimensions instead");
        if (x[1].Dim < 2) throw AutogradException.Shape($"u should have at least 2 dimensions, but has {x[1].Dim} dimensions instead");
        MatrixChecks.RequireSquare(x[1], "cholesky_solve");
        MatrixChecks.RequireSystem(x[1], x[0], true, "cholesky_solve");
        MatrixChecks.RequireSameDType(x[1], x[0], "cholesky_solve");
        if (!x[0].DType.IsFloatingPoint || x[0].DType.ComputeType != x[0].DType) throw AutogradException.DTypeUnsupported("cholesky_solve_cpu", x[0].DType);
        return new(MatrixBatch.With(Shape.Broadcast(MatrixBatch.BatchOf(x[0]), MatrixBatch.BatchOf(x[1])), x[0].Shape[-2], x[0].Shape[-1]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        // Matrices without elements take no memory, so there may be more of them than anybody can count.
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        var batch = MatrixBatch.BatchOf(y);
        MatrixBatch.Copy(MatrixBatch.Expand(x[0], batch), y);
        var factors = y.Workspace.RawContiguous(MatrixBatch.Expand(x[1], batch));
        MatrixLoop.Run("cholesky_solve_cpu", y.DType, batch.Numel, y.Shape[-2] * y.Shape[-2] * y.Shape[-1] * 2.0, new Kernel(factors, y, Upper));
    }

    // X = A^-1 B: dX = A^-1 (dB - dA X) with dA = dL L^T + L dL^T, so the gradient is S = A^-1 G for B, and -(S X^T + X S^T) L for L.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var factor = saved.Input(1);
        var solved = grad.CholeskySolve(factor, Upper);
        if (input == 0) return solved;
        var x = saved.Output();
        var product = solved.Matmul(x.Transpose(-2, -1));
        var sum = product + product.Transpose(-2, -1);
        return Upper ? factor.Triu().Matmul(sum).Neg().Triu() : sum.Matmul(factor.Tril()).Neg().Tril();
    }

    private readonly struct Kernel(Tensor factors, Tensor y, bool upper) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var factor = MatrixBatch.At<T>(factors, index);
            var b = MatrixBatch.At<T>(y, index);
            TriangularSystem.SolveLeft(factor, b, upper, transposed: upper, unit: false);
            TriangularSystem.SolveLeft(factor, b, upper, transposed: !upper, unit: false);
        }
    }
}
