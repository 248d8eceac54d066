namespace AutogradService.Engine.Ops;

/// <summary>Products of two batches of matrices, added to a tensor that broadcasts to them: beta * self + alpha * (batch1[b] batch2[b]).</summary>
[Op("baddbmm(self, batch1, batch2, beta, alpha)", InPlace = true)]
public sealed partial record Baddbmm(Scalar? Beta = null, Scalar? Alpha = null) : ComputeOp, IOp<Baddbmm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Baddbmm>((op, x) => MatrixProduct.Define(x[0], MatrixProduct.Define(x[1], x[2]), op.Beta, op.Alpha));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Baddbmm(), s.Any(2, 3, 5), s.Any(2, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Baddbmm(2L, 3L), s.Any(5), s.Any(2, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Baddbmm(0L), s.Any(1, 1), s.Any(2, 3, 0), s.Any(2, 0, 5)),
    ];

    /// <summary>A batch is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * output.Shape.Numel * inputs[1].Shape[2];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireBatches(x[1], x[2]);
        var shape = Shape.Of(x[1].Shape[0], x[1].Shape[1], x[2].Shape[2]);
        if (x[0].DType != x[1].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"Input dtypes must be the same, got: input {x[0].DType.Name}, batch1: {x[1].DType.Name}, batch2: {x[2].DType.Name}");
        MatrixProduct.RequireExpands(x[0], shape);
        return new(shape, x[1].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        MatrixProduct.Run(y.Shape[0], y.Shape[1], y.Shape[2], x[1].Shape[2], MatrixView.Of(x[1]), MatrixView.Of(x[2]), y);
        MatrixProduct.Combine(x[0], y, Beta, Alpha);
    }

    // As for addmm, matrix by matrix.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => MatrixProduct.Scaled(grad, Beta),
        1 => MatrixProduct.Scaled(grad.Bmm(saved.Input(2).Transpose(1, 2)), Alpha),
        _ => MatrixProduct.Scaled(saved.Input(1).Transpose(1, 2).Bmm(grad), Alpha),
    };
}
