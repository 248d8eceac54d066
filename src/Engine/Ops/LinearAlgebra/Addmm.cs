namespace AutogradService.Engine.Ops;

/// <summary>Matrix product added to a tensor that broadcasts to it: beta * self + alpha * (mat1 mat2).</summary>
[Op("addmm(self, mat1, mat2, beta, alpha)", InPlace = true)]
public sealed partial record Addmm(Scalar? Beta = null, Scalar? Alpha = null) : ComputeOp, IOp<Addmm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addmm>((op, x) => MatrixProduct.Define(x[0], MatrixProduct.Define(x[1], x[2]), op.Beta, op.Alpha));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Addmm(), s.Any(5), s.Any(3, 4), s.Any(4, 5)),
        Sample.Of(new Addmm(2L, 3L), s.Any(3, 1), s.Any(3, 4), s.Strided(4, 5)),
        Sample.Of(new Addmm(0L, 2L), s.Any(3, 2), s.Any(3, 4), s.Any(4, 2)),
        Sample.Of(new Addmm(), s.Any(), s.Any(2, 0), s.Any(0, 3)),
    ];

    /// <summary>A matrix is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * output.Shape.Numel * inputs[1].Shape[1];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireMatrix(x[1], $"mat1 must be a matrix, got {x[1].Dim}-D tensor");
        MatrixProduct.RequireMatrix(x[2], $"mat2 must be a matrix, got {x[2].Dim}-D tensor");
        MatrixProduct.RequireInnerSizes(x[1], x[2]);
        MatrixProduct.RequireSameDType(x[1], x[2]);
        if (x[0].DType != x[1].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"self and mat2 must have the same dtype, but got {x[0].DType.TorchName} and {x[1].DType.TorchName}");
        var shape = Shape.Of(x[1].Shape[0], x[2].Shape[1]);
        MatrixProduct.RequireExpands(x[0], shape);
        return new(shape, x[1].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        long m = y.Shape[0], n = y.Shape[1], k = x[1].Shape[1];
        bool bias = y.DType.IsFloatingPoint && (Beta ?? 1L).Real == 1 && (Alpha ?? 1L).Real == 1 && x[0].Dim == 1 && x[0].Numel == n;
        MatrixProduct.Run(1, m, n, k, MatrixView.Of(x[1]), MatrixView.Of(x[2]), y, bias: bias ? y.Workspace.RawContiguous(x[0]) : null);
        if (!bias) MatrixProduct.Combine(x[0], y, Beta, Alpha);
    }

    // d(beta S + alpha A B): beta G for S, alpha G B^T for A, alpha A^T G for B.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => MatrixProduct.Scaled(grad, Beta),
        1 => MatrixProduct.Scaled(grad.Mm(saved.Input(2).Transpose(0, 1)), Alpha),
        _ => MatrixProduct.Scaled(MatrixProduct.SecondGradient(saved.Input(1), grad, saved.IsColumnMajor(2)), Alpha),
    };
}
