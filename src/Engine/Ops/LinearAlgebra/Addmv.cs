namespace AutogradService.Engine.Ops;

/// <summary>Product of a matrix and a vector, added to a vector: beta * self + alpha * (mat vec).</summary>
[Op("addmv(self, mat, vec, beta, alpha)", InPlace = true)]
public sealed partial record Addmv(Scalar? Beta = null, Scalar? Alpha = null) : ComputeOp, IOp<Addmv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addmv>((op, x) => MatrixProduct.Define(x[0], MatrixProduct.Define(x[1], x[2]), op.Beta, op.Alpha));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Addmv(), s.Any(3), s.Any(3, 4), s.Any(4)), Sample.Of(new Addmv(2L, 3L), s.Any(), s.Strided(3, 4), s.Any(4)), Sample.Of(new Addmv(0L), s.Any(1), s.Any(3, 0), s.Any(0))];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * inputs[1].Shape.Numel;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].Dim != 2 || x[2].Dim != 1 || x[0].Dim > 1)
            throw AutogradException.Shape($"vector + matrix @ vector expected, got {x[0].Dim}, {x[1].Dim}, {x[2].Dim}");
        if (x[1].Shape[1] != x[2].Shape[0] || x[0].Numel != x[1].Shape[0] && x[0].Numel != 1)
            throw AutogradException.Shape($"size mismatch, got input ({x[0].Numel}), mat ({x[1].Shape[0]}x{x[1].Shape[1]}), vec ({x[2].Shape[0]})");
        MatrixProduct.RequireScalarType(x[1], x[2]);
        MatrixProduct.RequireScalarType(x[1], x[0]);
        return new(Shape.Of(x[1].Shape[0]), x[1].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        MatrixProduct.Run(1, y.Numel, 1, x[2].Numel, MatrixView.Of(x[1]), MatrixView.Column(x[2]), y);
        MatrixProduct.Combine(x[0], y, Beta, Alpha);
    }

    // d(beta s + alpha A v): beta g for s, alpha g v^T for A, alpha A^T g for v.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => MatrixProduct.Scaled(grad, Beta),
        1 => MatrixProduct.Scaled(grad.Outer(saved.Input(2)), Alpha),
        _ => MatrixProduct.Scaled(saved.Input(1).Transpose(0, 1).Mv(grad), Alpha),
    };
}
