namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = B (X A = B if not left) for square, non-singular A = self; B may be one vector for each matrix. Batches broadcast.</summary>
[Op("linalg_solve(self, B, left)")]
public sealed partial record LinalgSolve(bool Left = true) : CompositeOp, IOp<LinalgSolve>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgSolve>((op, x) =>
    {
        if (LinalgSolveEx.IsVector(x[0].Shape, x[1].Shape))
        {
            var solution = MatrixDefinitions.Each(x[0], new NdArray(Shape.Of([.. x[1].Shape.Sizes, 1]), x[1].Values), MatrixDefinitions.Solve);
            return new NdArray(Shape.Of(solution.Shape.Sizes[..^1]), solution.Values);
        }
        return MatrixDefinitions.Each(x[0], x[1], (a, b) => op.Left
            ? MatrixDefinitions.Solve(a, b)
            : MatrixDefinitions.Transpose(MatrixDefinitions.Solve(MatrixDefinitions.Transpose(a), MatrixDefinitions.Transpose(b))));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgSolve(), MatrixSamples.Invertible(s, 3, 3), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgSolve(), MatrixSamples.Invertible(s, 3, 3), MatrixSamples.Any(s, 3)),
        Sample.Of(new LinalgSolve(), MatrixSamples.Invertible(s, 2, 3, 3), MatrixSamples.Any(s, 2, 3)),
        Sample.Of(new LinalgSolve(), MatrixSamples.Invertible(s, 2, 1, 3, 3), MatrixSamples.Any(s, 2, 3, 1)),
        Sample.Of(new LinalgSolve(false), MatrixSamples.Invertible(s, 3, 3), MatrixSamples.Any(s, 2, 2, 3)),
        Sample.Of(new LinalgSolve(), MatrixSamples.Invertible(s, 0, 0), MatrixSamples.Any(s, 0, 2)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var (result, _, _, info) = x[0].LinalgSolveEx(x[1], Left);
        MatrixChecks.Throw("torch.linalg.solve", info);
        return result;
    }
}
