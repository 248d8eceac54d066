namespace AutogradService.Engine.Ops;

/// <summary>Vector norm of all elements, or p-norm over one dim: (sum of |x|^p)^(1/p).</summary>
[Op("linalg_norm(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgNorm(Scalar? Ord = null, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<LinalgNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgNorm>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), (op.Ord ?? 2L).Real)), 1 / (op.Ord ?? 2L).Real)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgNorm(), s.Any(3, 4)), Sample.Of(new LinalgNorm(3L), s.Any(4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Ord is null || (Dim?.Count ?? x[0].Dim) == 1
        ? x[0].LinalgVectorNorm(Ord, Dim, Keepdim, DType)
        : throw AutogradException.Attribute("linalg.norm: matrix norms are not offered; give one dim, or no order");
}
