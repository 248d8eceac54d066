namespace AutogradService.Engine.Ops;

/// <summary>Frobenius norm over dims, or of all elements: sqrt(sum of x^2). The only named norm is "fro".</summary>
[Op("norm.fro(self, p, dim, keepdim, dtype)")]
public sealed partial record NormFro(string P, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<NormFro>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NormFro>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => Math.Sqrt(v.Sum(e => e * e))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NormFro("fro"), s.Any(3, 4)), Sample.Of(new NormFro("fro", [0, 1], true), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => P == "fro"
        ? x[0].LinalgVectorNorm(2L, Dim, Keepdim, DType)
        : throw AutogradException.Attribute($"norm(): p must be a number or 'fro', but got '{P}'");
}
