namespace AutogradService.Engine.Ops;

/// <summary>The transpose of a matrix as a view (Tensor.H: for real numbers nothing is conjugated).</summary>
[Op("matrix_H(self)", Page = "torch.Tensor.H")]
public sealed partial record MatrixH : CompositeOp, IOp<MatrixH>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MatrixH>((_, x) => x[0].Shape.Rank == 0 ? x[0] : NdArray.Build(Shape.Of(x[0].Shape[1], x[0].Shape[0]), i => x[0][i[1], i[0]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MatrixH(), s.Any(3, 4)), Sample.Of(new MatrixH(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim switch
    {
        0 => x[0],
        2 => x[0].Transpose(0, 1),
        _ => throw AutogradException.Shape($"tensor.H is only supported on matrices (2-D tensors). Got {x[0].Dim}-D tensor. For batches of matrices, consider using tensor.mH"),
    };
}
