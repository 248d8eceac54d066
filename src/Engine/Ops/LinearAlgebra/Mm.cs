namespace AutogradService.Engine.Ops;

/// <summary>Product of two matrices: y[i, j] = sum over p of self[i, p] * mat2[p, j].</summary>
[Op("mm(self, mat2)")]
public sealed partial record Mm : ComputeOp, IOp<Mm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Mm>((_, x) => MatrixProduct.Define(x[0], x[1]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Mm(), s.Any(3, 4), s.Any(4, 5)), Sample.Of(new Mm(), s.Strided(3, 4), s.Strided(4, 2)), Sample.Of(new Mm(), s.Any(2, 0), s.Any(0, 3)), Sample.Of(new Mm(), s.Any(0, 3), s.Any(3, 2))];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * output.Shape.Numel * inputs[0].Shape[1];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireMatrix(x[0], "self must be a matrix");
        MatrixProduct.RequireMatrix(x[1], "mat2 must be a matrix");
        MatrixProduct.RequireInnerSizes(x[0], x[1]);
        MatrixProduct.RequireSameDType(x[0], x[1]);
        return new(Shape.Of(x[0].Shape[0], x[1].Shape[1]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) =>
        MatrixProduct.Run(1, y.Shape[0], y.Shape[1], x[0].Shape[1], MatrixView.Of(x[0]), MatrixView.Of(x[1]), y);

    // d(A B) = dA B + A dB: the gradient is G B^T for A, A^T G for B.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.Mm(saved.Input(1).Transpose(0, 1)) : MatrixProduct.SecondGradient(saved.Input(0), grad, saved.IsColumnMajor(1));
}
