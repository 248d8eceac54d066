namespace AutogradService.Engine.Ops;

/// <summary>Moore-Penrose inverses; singular values not above rcond * largest count as zero.</summary>
[Op("pinverse(self, rcond)")]
public sealed partial record Pinverse(double Rcond = 1e-15) : CompositeOp, IOp<Pinverse>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Pinverse>((_, x) => LinalgPinv.Reference.Compute(new LinalgPinv(), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Pinverse(), MatrixSamples.Invertible(s, 3, 3).Narrow(-1, 0, 2).Contiguous())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgPinv(0.0, Rcond);
}
