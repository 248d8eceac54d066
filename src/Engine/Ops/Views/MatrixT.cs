namespace AutogradService.Engine.Ops;

/// <summary>A view with the last two dims swapped (Tensor.mT).</summary>
[Op("mT(self)", Page = "torch.Tensor.mT")]
public sealed partial record MatrixT : CompositeOp, IOp<MatrixT>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MatrixT>((_, x) => NdArray.Build(Shape.Of([.. x[0].Shape.Sizes[..^2], x[0].Shape[-1], x[0].Shape[-2]]), i =>
    {
        (i[^1], i[^2]) = (i[^2], i[^1]);
        return x[0][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MatrixT(), s.Any(3, 4)), Sample.Of(new MatrixT(), s.Any(2, 3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim >= 2
        ? x[0].Transpose(-2, -1)
        : throw AutogradException.Shape($"tensor.mT is only supported on matrices or batches of matrices. Got {x[0].Dim}-D tensor.");
}
