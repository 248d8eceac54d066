namespace AutogradService.Engine.Ops;

/// <summary>Determinants of square matrices; another name of linalg_det.</summary>
[Op("det(self)")]
public sealed partial record Det : CompositeOp, IOp<Det>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Det>((_, x) => LinalgDet.Reference.Compute(new LinalgDet(), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Det(), MatrixSamples.Invertible(s, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgDet();
}
