namespace AutogradService.Engine.Ops;

/// <summary>Product of a matrix and a vector: y[i] = sum over p of self[i, p] * vec[p].</summary>
[Op("mv(self, vec)")]
public sealed partial record Mv : ComputeOp, IOp<Mv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Mv>((_, x) => MatrixProduct.Define(x[0], x[1]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Mv(), s.Any(3, 4), s.Any(4)), Sample.Of(new Mv(), s.Strided(3, 5), s.Any(5)), Sample.Of(new Mv(), s.Any(2, 0), s.Any(0))];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * inputs[0].Shape.Numel;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim != 2 || x[1].Dim != 1) throw AutogradException.Shape($"vector + matrix @ vector expected, got 1, {x[0].Dim}, {x[1].Dim}");
        if (x[0].Shape[1] != x[1].Shape[0])
            throw AutogradException.Shape($"size mismatch, got input ({x[0].Shape[0]}), mat ({x[0].Shape[0]}x{x[0].Shape[1]}), vec ({x[1].Shape[0]})");
        MatrixProduct.RequireScalarType(x[0], x[1]);
        return new(Shape.Of(x[0].Shape[0]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => MatrixProduct.Run(1, y.Numel, 1, x[1].Numel, MatrixView.Of(x[0]), MatrixView.Column(x[1]), y);

    // d(A v) = dA v + A dv: the gradient is g v^T for A, A^T g for v.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.Outer(saved.Input(1)) : saved.Input(0).Transpose(0, 1).Mv(grad);
}
