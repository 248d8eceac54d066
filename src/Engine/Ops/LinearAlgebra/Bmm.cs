namespace AutogradService.Engine.Ops;

/// <summary>Products of two batches of matrices: y[b] = self[b] mat2[b].</summary>
[Op("bmm(self, mat2)")]
public sealed partial record Bmm : ComputeOp, IOp<Bmm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Bmm>((_, x) => MatrixProduct.Define(x[0], x[1]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Bmm(), s.Any(2, 3, 4), s.Any(2, 4, 5)), Sample.Of(new Bmm(), s.Any(2, 4, 3).Transpose(1, 2), s.Any(4, 2, 2).Transpose(0, 1)), Sample.Of(new Bmm(), s.Any(0, 3, 4), s.Any(0, 4, 5))];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * output.Shape.Numel * inputs[0].Shape[2];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireBatches(x[0], x[1]);
        return new(Shape.Of(x[0].Shape[0], x[0].Shape[1], x[1].Shape[2]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) =>
        MatrixProduct.Run(y.Shape[0], y.Shape[1], y.Shape[2], x[0].Shape[2], MatrixView.Of(x[0]), MatrixView.Of(x[1]), y);

    // As for mm, matrix by matrix: G B^T for A, A^T G for B.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.Bmm(saved.Input(1).Transpose(1, 2)) : saved.Input(0).Transpose(1, 2).Bmm(grad);
}
