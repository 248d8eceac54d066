namespace AutogradService.Engine.Ops;

/// <summary>p-norm over dims, or of all elements: (sum of |x|^p)^(1/p), p = 2 unless given.</summary>
[Op("norm(self, p, dim, keepdim, dtype)")]
public sealed partial record Norm(Scalar? P = null, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<Norm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Norm>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), (op.P ?? 2L).Real)), 1 / (op.P ?? 2L).Real)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Norm(), s.Any(3, 4)), Sample.Of(new Norm(3L, [1], true), s.Any(3, 4)), Sample.Of(new Norm(1L, [0]), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].LinalgVectorNorm(P, Dim, Keepdim, DType);
}
