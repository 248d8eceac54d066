namespace AutogradService.Engine.Ops;

/// <summary>Determinants of square matrices.</summary>
[Op("linalg_det(self)")]
public sealed partial record LinalgDet : CompositeOp, IOp<LinalgDet>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgDet>((_, x) => MatrixDefinitions.Number(x[0], MatrixDefinitions.Determinant));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgDet(), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgDet(), MatrixSamples.Any(s, 2, 2, 2)), Sample.Of(new LinalgDet(), MatrixSamples.Any(s, 0, 0)), Sample.Of(new LinalgDet(), MatrixSamples.Any(s, 1, 1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgDetEx().Result;
}
