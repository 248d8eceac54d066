namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = self (A^T X = self if transpose) with triangular A; gives X and a copy of A. The older form of linalg_solve_triangular.</summary>
[Op("triangular_solve(self, A, upper, transpose, unitriangular) -> (solution, cloned_coefficient)")]
public sealed partial record TriangularSolve(bool Upper = true, bool Transpose = false, bool Unitriangular = false) : MultiOp, IOp<TriangularSolve>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<TriangularSolve>((op, x) =>
    {
        var solution = MatrixDefinitions.Each(x[1], x[0], (a, b) =>
        {
            var triangle = MatrixDefinitions.Triangle(a, op.Upper, op.Unitriangular);
            return MatrixDefinitions.Solve(op.Transpose ? MatrixDefinitions.Transpose(triangle) : triangle, b);
        });
        return [solution, NdArray.Build(Shape.Of([.. solution.Shape.Sizes[..^1], x[1].Shape[-1]]), i => x[1].Broadcast(i))];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new TriangularSolve(), MatrixSamples.Any(s, 3, 2), MatrixSamples.Triangular(s, 3, 3)),
        Sample.Of(new TriangularSolve(false, true), MatrixSamples.Any(s, 3, 2), MatrixSamples.Triangular(s, 2, 3, 3)),
        Sample.Of(new TriangularSolve(true, true, true), MatrixSamples.Any(s, 2, 3, 2), MatrixSamples.Triangular(s, 3, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.OutputAt(0) : default);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"torch.triangular_solve: Expected b to have at least 2 dimensions, but it has {x[0].Dim} dimensions instead");
        if (x[1].Dim < 2) throw AutogradException.Shape($"torch.triangular_solve: Expected A to have at least 2 dimensions, but it has {x[1].Dim} dimensions instead");
        MatrixChecks.RequireSquare(x[1], "triangular_solve");
        MatrixChecks.RequireSystem(x[1], x[0], true, "triangular_solve");
        MatrixChecks.RequireSameDType(x[1], x[0], "triangular_solve");
        if (!x[0].DType.IsFloatingPoint || x[0].DType.ComputeType != x[0].DType) throw AutogradException.DTypeUnsupported("triangular_solve_cpu", x[0].DType);
        var batch = Shape.Broadcast(MatrixBatch.BatchOf(x[0]), MatrixBatch.BatchOf(x[1]));
        return [new(MatrixBatch.With(batch, x[0].Shape[-2], x[0].Shape[-1]), x[0].DType), new(MatrixBatch.With(batch, x[1].Shape[-2], x[1].Shape[-1]), x[0].DType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        new LinalgSolveTriangular(Upper != Transpose, true, Unitriangular).Forward(new Inputs([Transpose ? MatrixBatch.Transposed(x[1]) : x[1], x[0]], default), y[0]);
        MatrixBatch.Copy(MatrixBatch.Expand(x[1], MatrixBatch.BatchOf(y[1])), y[1]);
    }

    // As linalg_solve_triangular; the copy of A hands its gradient on.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        Tensor? result = null;
        if (grads[0] is { } grad)
        {
            var a = saved.Input(1);
            var solved = (Transpose ? a : a.Transpose(-2, -1)).LinalgSolveTriangular(grad, Upper == Transpose, true, Unitriangular);
            if (input == 0) return solved;
            var x = saved.Output();
            var full = (Transpose ? x.Matmul(solved.Transpose(-2, -1)) : solved.Matmul(x.Transpose(-2, -1))).Neg();
            result = Upper ? full.Triu(Unitriangular ? 1 : 0) : full.Tril(Unitriangular ? -1 : 0);
        }
        if (input == 0 || grads[1] is not { } copied) return result;
        return result is null ? copied : result + copied;
    }
}
