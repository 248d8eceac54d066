namespace AutogradService.Engine.Ops;

/// <summary>Norm of all elements, of vectors along one dim, or, if an order is given, of matrices in two dims (see linalg_matrix_norm): (sum of |x|^ord)^(1/ord) for vectors.</summary>
[Op("linalg_norm(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgNorm(Scalar? Ord = null, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<LinalgNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgNorm>((op, x) => op.Ord is not null && (op.Dim?.Count ?? x[0].Shape.Rank) == 2
        ? LinalgMatrixNorm.Reference.Compute(new LinalgMatrixNorm(op.Ord.Value, op.Dim, op.Keepdim), x)[0]
        : x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), (op.Ord ?? 2L).Real)), 1 / (op.Ord ?? 2L).Real)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgNorm(), s.Any(3, 4)), Sample.Of(new LinalgNorm(3L), s.Any(4)), Sample.Of(new LinalgNorm(1L), s.Any(3, 4)), Sample.Of(new LinalgNorm(1L, [-2, -1]), s.Any(2, 3, 4)), Sample.Of(new LinalgNorm(3L, [1], true), s.Any(2, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Dim is { Count: not (1 or 2) }) throw AutogradException.Attribute($"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {Dim}");
        if (Dim is null && Ord is not null && x[0].Dim is not (1 or 2))
            throw AutogradException.Attribute($"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {x[0].Dim}D.");
        return Ord is { } order && (Dim?.Count ?? x[0].Dim) == 2
            ? x[0].LinalgMatrixNorm(order, Dim ?? [0, 1], Keepdim, DType)
            : x[0].LinalgVectorNorm(Ord, Dim, Keepdim, DType);
    }
}
