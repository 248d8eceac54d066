namespace AutogradService.Engine.Ops;

/// <summary>Sign and logarithm of the size of determinants; another name of linalg_slogdet.</summary>
[Op("slogdet(self) -> (sign, logabsdet)")]
public sealed partial record Slogdet : CompositeMultiOp, IOp<Slogdet>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Slogdet>((_, x) => LinalgSlogdet.Reference.Compute(new LinalgSlogdet(), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Slogdet(), MatrixSamples.Invertible(s, 3, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var (sign, logabsdet) = x[0].LinalgSlogdet();
        return [sign, logabsdet];
    }
}
