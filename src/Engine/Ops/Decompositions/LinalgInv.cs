namespace AutogradService.Engine.Ops;

/// <summary>Inverses of square, non-singular matrices.</summary>
[Op("linalg_inv(self)")]
public sealed partial record LinalgInv : CompositeOp, IOp<LinalgInv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgInv>((_, x) => MatrixDefinitions.Each(x[0], a => MatrixDefinitions.Solve(a, MatrixDefinitions.Identity(a.GetLength(0)))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgInv(), MatrixSamples.Invertible(s, 2, 3, 3)), Sample.Of(new LinalgInv(), MatrixSamples.Invertible(s, 1, 1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var (inverse, info) = x[0].LinalgInvEx();
        MatrixChecks.Throw("linalg.inv", info);
        return inverse;
    }
}
