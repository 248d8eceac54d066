namespace AutogradService.Engine.Ops;

/// <summary>Logarithms of determinants; NaN if negative, -inf if zero.</summary>
[Op("logdet(self)")]
public sealed partial record Logdet : CompositeOp, IOp<Logdet>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Logdet>((_, x) => MatrixDefinitions.Number(x[0], a => Math.Log(MatrixDefinitions.Determinant(a))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Logdet(), MatrixSamples.PositiveDefinite(s, 2, 3, 3)), Sample.ForwardOnly(new Logdet(), MatrixSamples.Any(s, 4, 2, 2)), Sample.Of(new Logdet(), MatrixSamples.Any(s, 0, 0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "logdet");
        MatrixChecks.RequireFloat(x[0], "logdet");
        var (sign, logabsdet) = x[0].LinalgSlogdet();
        return sign.Eq(-1.0).Where(double.NaN, logabsdet);
    }
}
