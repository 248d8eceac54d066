namespace AutogradService.Engine.Ops;

/// <summary>Sign and logarithm of the size of determinants: det self = sign e^logabsdet; a singular matrix has 0 and -inf.</summary>
[Op("linalg_slogdet(self) -> (sign, logabsdet)")]
public sealed partial record LinalgSlogdet : CompositeMultiOp, IOp<LinalgSlogdet>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<LinalgSlogdet>((_, x) =>
        [MatrixDefinitions.Number(x[0], a => Math.Sign(MatrixDefinitions.Determinant(a))), MatrixDefinitions.Number(x[0], a => Math.Log(Math.Abs(MatrixDefinitions.Determinant(a))))]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgSlogdet(), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgSlogdet(), MatrixSamples.Any(s, 2, 2, 2)), Sample.Of(new LinalgSlogdet(), MatrixSamples.Any(s, 0, 0))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var (sign, logabsdet, _, _) = x[0].LinalgSlogdetEx();
        return [sign, logabsdet];
    }
}
