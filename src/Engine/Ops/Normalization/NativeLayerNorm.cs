namespace AutogradService.Engine.Ops;

/// <summary>Layer normalisation over the last dims, as recorded: (x - mean) / sqrt(variance + eps) * weight + bias.</summary>
[Op("native_layer_norm(input, normalized_shape, weight?, bias?, eps)", Hidden = true)]
public sealed partial record NativeLayerNorm(Dims NormalizedShape, double Eps) : ComputeOp, IOp<NativeLayerNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NativeLayerNorm>((op, x) => NormalizedRows.Define(x[0], op.NormalizedShape.Count, x[1], x[2], op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new NativeLayerNorm([4], 0.1), s.Any(3, 4), s.Any(4), s.Any(4)),
        Sample.Of(new NativeLayerNorm([3, 4], 0.1), s.Any(2, 3, 4), s.Any(3, 4), null),
        Sample.Of(new NativeLayerNorm([5], 0.1), s.Strided(3, 5), null, null),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | (needs[0] ? Engine.Saves.Input(1) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        NormalizedRows.Check(x[0], NormalizedShape, x.Optional(1), x.Optional(2));
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => NormalizedRows.Forward(x[0], x.Optional(1), x.Optional(2), y, NormalizedShape, Eps);

    // For x the standardisation's derivative of g w; for the weight g times the standardised x, for the bias g: both summed where they were broadcast.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => grad.LayerNormBackwardInput(saved.Input(0), saved.OptionalInput(1), NormalizedShape, Eps),
        1 => grad.LayerNormBackwardWeight(saved.Input(0), NormalizedShape, Eps),
        _ => grad,
    };
}
