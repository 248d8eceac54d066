namespace AutogradService.Engine.Ops;

/// <summary>Solves tensordot(self, X) = other: self maps X, which has its last dims, to other. Dims may be named that are moved last first.</summary>
[Op("linalg_tensorsolve(self, other, dims)")]
public sealed partial record LinalgTensorsolve(Dims? Dims = null) : CompositeOp, IOp<LinalgTensorsolve>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("tests/Engine.Tests/Ops/DecompositionTests puts the solution back into the equation");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgTensorsolve(), MatrixSamples.Invertible(s, 6, 6).Reshape([2, 3, 6]), MatrixSamples.Any(s, 2, 3)), Sample.Of(new LinalgTensorsolve([0]), MatrixSamples.Invertible(s, 6, 6).Reshape([6, 2, 3]), MatrixSamples.Any(s, 2, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor a = x[0], b = x[1];
        if (Dims is { } moved)
        {
            var to = new long[moved.Count];
            for (int i = 0; i < to.Length; i++) to[i] = a.Dim - to.Length + i;
            a = a.Movedim(moved, Engine.Dims.Create(to));
        }
        if (b.Dim > a.Dim) throw AutogradException.Shape("Expected other to have no more dims than self");
        var shape = a.Shape.Sizes[b.Dim..];
        long columns = Shape.Of(shape).Numel, rows = Shape.Of(a.Shape.Sizes[..b.Dim]).Numel;
        if (columns != rows)
            throw AutogradException.Shape($"Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got {columns} != {rows}");
        var result = Engine.Dims.Create(shape);
        return a.Reshape([columns, columns]).LinalgSolve(b.Flatten()).Reshape(result);
    }
}
