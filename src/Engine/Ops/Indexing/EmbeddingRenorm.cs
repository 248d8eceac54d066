namespace AutogradService.Engine.Ops;

/// <summary>Self with those of the indexed rows whose norm_type-norm exceeds max_norm scaled by max_norm / (norm + 1e-7).</summary>
[Op("embedding_renorm(self, indices!, max_norm, norm_type)", InPlace = true, Hidden = true)]
public sealed partial record EmbeddingRenorm(double MaxNorm, double NormType) : ComputeOp, IOp<EmbeddingRenorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<EmbeddingRenorm>((op, x) =>
    {
        var norms = x[0].Reduce([1], false, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), op.NormType)), 1 / op.NormType));
        return NdArray.Build(x[0].Shape, i => x[1].Values.Contains(i[0]) && norms[i[0]] > op.MaxNorm ? x[0][i] * (op.MaxNorm / (norms[i[0]] + 1e-7)) : x[0][i]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.ForwardOnly(new EmbeddingRenorm(1, 2), s.Any(4, 3), s.Index(4, 2, 2)), Sample.ForwardOnly(new EmbeddingRenorm(0.5, 1), s.Strided(4, 3), s.Index(4, 3))]
        : [];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].Dim == 2
        ? x[0].DType.IsFloatingPoint ? new(x[0].Shape, x[0].DType) : throw AutogradException.DTypeUnsupported("embedding_renorm_", x[0].DType)
        : throw AutogradException.Shape($"Expected 2-dimensional tensor, but got {x[0].Dim}-dimensional tensor for argument #1 'self' (while checking arguments for embedding_renorm_)");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var self = x[0].Alias();
        var taken = y.Workspace.RawFull(Shape.Of(y.Shape[0], 1), 0.0, y.DType);
        var rows = AlongDim.Flat(AlongDim.Checked(x[1], y.Shape[0], AlongDim.OutOfRangeInSelf));
        AlongDim.Scatter(taken, 0, AlongDim.Spread(rows, Shape.Of(rows.Numel, 1), 0), y.Workspace.RawFull(Shape.Scalar, 1.0, y.DType));
        var norms = self.LinalgVectorNorm(NormType, [1], keepdim: true);
        var factors = norms.Add(1e-7).Reciprocal().Mul(MaxNorm);
        var shrinks = norms.Gt(MaxNorm).LogicalAnd(taken);
        Kernels.Transfer.Into(shrinks.Where(self.Mul(factors), self), y);
    }
}
