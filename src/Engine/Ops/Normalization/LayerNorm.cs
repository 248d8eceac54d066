namespace AutogradService.Engine.Ops;

/// <summary>Layer normalisation over the last dims: (x - mean) / sqrt(variance + eps) * weight + bias.</summary>
[Op("layer_norm(input, normalized_shape, weight?, bias?, eps)")]
public sealed partial record LayerNorm(Dims NormalizedShape, double Eps = 1e-5) : CompositeOp, IOp<LayerNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LayerNorm>((op, x) => NormalizedRows.Define(x[0], op.NormalizedShape.Count, x[1], x[2], op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new LayerNorm([4]), s.Any(3, 4), s.Any(4), s.Any(4)), Sample.Of(new LayerNorm([3, 4], 0.5), s.Any(2, 3, 4), null, null), Sample.Of(new LayerNorm([4]), s.Any(0, 4), s.Any(4), s.Any(4))]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].NativeLayerNorm(NormalizedShape, x.Optional(1), x.Optional(2), Eps);
}
