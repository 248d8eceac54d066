namespace AutogradService.Engine.Ops;

/// <summary>Normalisation by the root mean square over the last dims: x / sqrt(mean of x^2 + eps) * weight; eps is the dtype's epsilon unless given.</summary>
[Op("rms_norm(input, normalized_shape, weight?, eps)")]
public sealed partial record RmsNorm(Dims NormalizedShape, double? Eps = null) : CompositeOp, IOp<RmsNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<RmsNorm>((op, x) =>
    {
        var mean = x[0].Reduce(NormalizedRows.Split(x[0].Shape.Rank, op.NormalizedShape.Count).Normalized, true, v => v.Average(e => e * e));
        return NdArray.Build(x[0].Shape, i => x[0][i] / Math.Sqrt(mean.Broadcast(i) + (op.Eps ?? 0)) * (x[1]?.Broadcast(i) ?? 1));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new RmsNorm([4], 0.1), s.Any(3, 4), s.Any(4)), Sample.Of(new RmsNorm([3, 4], 0.1), s.Any(2, 3, 4), null)]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        NormalizedRows.Check(input, NormalizedShape, null, null);
        double eps = Eps ?? (input.DType == DType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1f) - 1);
        var dims = NormalizedRows.Split(input.Dim, NormalizedShape.Count).Normalized;
        var y = input.Mul(input.Pow(2L).Mean(dims, keepdim: true).Add(eps).Rsqrt());
        return x.Optional(1) is { } weight ? y.Mul(weight) : y;
    }
}
