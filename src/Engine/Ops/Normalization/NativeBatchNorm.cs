namespace AutogradService.Engine.Ops;

/// <summary>
/// Batch normalisation of every channel (dim 1), as recorded: (x - mean) / sqrt(variance + eps) * weight + bias, with the batch's mean and variance in training, else the running ones.
/// </summary>
[Op("native_batch_norm(input, running_mean?!, running_var?!, weight?, bias?, training, eps)", Hidden = true)]
public sealed partial record NativeBatchNorm(bool Training, double Eps) : ComputeOp, IOp<NativeBatchNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NativeBatchNorm>((op, x) => Channels.Define(x, op.Training, op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new NativeBatchNorm(true, 0.1), s.Any(4, 3), null, null, s.Any(3), s.Any(3)),
            Sample.Of(new NativeBatchNorm(true, 0.1), s.Any(2, 3, 4), null, null, null, null),
            Sample.Of(new NativeBatchNorm(false, 0.1), s.Any(2, 3, 2, 2), s.Any(3), s.Positive(3), s.Any(3), s.Any(3)),
            Sample.Of(new NativeBatchNorm(false, 0.1), s.Strided(4, 3), s.Any(3), s.Positive(3), null, null),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3) | (needs[0] ? Engine.Saves.Input(3) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType.IsFloatingPoint ? new(x[0].Shape, x[0].DType) : throw AutogradException.DTypeUnsupported("batch_norm", x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var standard = Training ? Channels.Back(Channels.Rows(x[0]).NativeLayerNorm([x[0].Numel / x[0].Shape[1]], null, null, Eps), x[0].Shape) : Standardized(x[0], x[1], x[2]);
        if (x.Optional(3) is { } weight) standard = standard.Mul(Channels.Spread(weight, x[0].Dim));
        if (x.Optional(4) is { } bias) standard = standard.Add(Channels.Spread(bias, x[0].Dim));
        Kernels.Transfer.Into(standard, y);
    }

    // For x in training the standardisation's derivative of g w, channel by channel; else g w / sqrt(variance + eps). For the weight g times the standardised x, for the bias g.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        Dims row = [x.Numel / x.Shape[1]];
        switch (input)
        {
            case 0:
                if (saved.OptionalInput(3) is { } weight) grad = grad.Mul(Channels.Spread(weight, x.Dim));
                return Training
                    ? Channels.Back(Channels.Rows(grad).LayerNormBackwardInput(Channels.Rows(x), null, row, Eps), x.Shape)
                    : grad.Mul(Channels.Spread(saved.Input(2).Add(Eps).Rsqrt(), x.Dim));
            case 3:
                return Training
                    ? Channels.Rows(grad).Mul(Channels.Rows(x).NativeLayerNorm(row, null, null, Eps)).Sum([1])
                    : Channels.Rows(grad.Mul(Standardized(x, saved.Input(1), saved.Input(2)))).Sum([1]);
            default:
                return Channels.Rows(grad).Sum([1]);
        }
    }

    private Tensor Standardized(Tensor x, Tensor mean, Tensor variance) =>
        x.Sub(Channels.Spread(mean, x.Dim)).Mul(Channels.Spread(variance.Add(Eps).Rsqrt(), x.Dim));
}
