namespace AutogradService.Engine.Ops;

/// <summary>Inverses of square, non-singular matrices; another name of linalg_inv.</summary>
[Op("inverse(self)")]
public sealed partial record Inverse : CompositeOp, IOp<Inverse>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Inverse>((_, x) => LinalgInv.Reference.Compute(new LinalgInv(), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Inverse(), MatrixSamples.Invertible(s, 2, 3, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgInv();
}
