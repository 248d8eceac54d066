namespace AutogradService.Engine.Ops;

/// <summary>Sum of the products of two batches of matrices, added to a matrix: beta * self + alpha * sum over b of batch1[b] batch2[b].</summary>
[Op("addbmm(self, batch1, batch2, beta, alpha)", InPlace = true)]
public sealed partial record Addbmm(Scalar? Beta = null, Scalar? Alpha = null) : ComputeOp, IOp<Addbmm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addbmm>((op, x) => MatrixProduct.Define(x[0], MatrixProduct.Define(x[1], x[2]).Reduce([0], false, v => v.Sum()), op.Beta, op.Alpha));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Addbmm(), s.Any(3, 5), s.Any(2, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Addbmm(2L, 3L), s.Any(5), s.Any(2, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Addbmm(), s.Any(3, 2), s.Any(0, 3, 4), s.Any(0, 4, 2)),
    ];

    /// <summary>A batch is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * inputs[1].Shape.Numel * output.Shape[1];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireBatches(x[1], x[2]);
        MatrixProduct.RequireScalarType(x[1], x[0]);
        var shape = Shape.Of(x[1].Shape[1], x[2].Shape[2]);
        MatrixProduct.RequireExpands(x[0], shape);
        return new(shape, x[1].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (x[1].Shape[0] == 0) Kernels.Fill.All(y, 0L);
        for (long i = 0; i < x[1].Shape[0]; i++)
            MatrixProduct.Run(1, y.Shape[0], y.Shape[1], x[1].Shape[2], MatrixView.Of(Matrix(x[1], i)), MatrixView.Of(Matrix(x[2], i)), y, accumulate: i > 0);
        MatrixProduct.Combine(x[0], y, Beta, Alpha);

        static Tensor Matrix(Tensor batch, long i) => batch.Alias(batch.Shape.Without(0), batch.StridesArray[1..], batch.Offset + i * batch.StridesArray[0]);
    }

    // Every product of the sum gets the same gradient G: alpha G B^T for A, alpha A^T G for B.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) return MatrixProduct.Scaled(grad, Beta);
        var g = grad.Expand([saved.Shape(1)[0], saved.Shape(1)[1], saved.Shape(2)[2]]);
        return MatrixProduct.Scaled(input == 1 ? g.Bmm(saved.Input(2).Transpose(1, 2)) : saved.Input(1).Transpose(1, 2).Bmm(g), Alpha);
    }
}
