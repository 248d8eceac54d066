namespace AutogradService.Engine.Ops;

/// <summary>
/// Batch normalisation of every channel (dim 1): (x - mean) / sqrt(variance + eps) * weight + bias. In training with the batch's mean and variance, which also move the running ones
/// by momentum (the variance without bias); else with the running ones.
/// </summary>
[Op("batch_norm(input, running_mean?!, running_var?!, weight?, bias?, training, momentum, eps)")]
public sealed partial record BatchNorm(bool Training = false, double Momentum = 0.1, double Eps = 1e-5) : CompositeOp, IOp<BatchNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BatchNorm>((op, x) => Channels.Define(x, op.Training, op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new BatchNorm(true, 0.1, 0.1), s.Any(4, 3), null, null, s.Any(3), s.Any(3)),
            Sample.Of(new BatchNorm(false, 0.1, 0.1), s.Any(2, 3, 4), s.Any(3), s.Positive(3), s.Any(3), null),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        Tensor? mean = x.Optional(1), variance = x.Optional(2), weight = x.Optional(3), bias = x.Optional(4);
        if (input.Numel == 0) return Empty(input, weight, bias);
        if (input.Dim < 2) throw AutogradException.Shape($"expected at least 2D input (got {input.Dim}D input)");
        long channels = input.Shape[1];
        if (Training && input.Numel / channels == 1)
            throw AutogradException.Attribute($"Expected more than 1 value per channel when training, got input size torch.Size({input.Shape})", TorchErrorType.ValueError);
        if (!Training && (mean is null || variance is null))
            throw AutogradException.Attribute($"running_{(mean is null ? "mean" : "var")} must be defined in evaluation mode");
        Check(mean, "running_mean", channels);
        Check(variance, "running_var", channels);
        Check(weight, "weight", channels);
        Check(bias, "bias", channels);
        var output = workspace.Apply(new NativeBatchNorm(Training, Eps), input, Training ? null : mean, Training ? null : variance, weight, bias);
        if (Training) Track(workspace, input, mean, variance);
        return output;
    }

    // There is nothing to normalise, but the parameters stay in the graph.
    private static Tensor Empty(Tensor input, Tensor? weight, Tensor? bias)
    {
        var output = input.Clone();
        if (weight is not null) output = output.Mul(weight.Select(0, 0));
        return bias is null ? output : output.Add(bias.Select(0, 0));
    }

    private void Track(Workspace workspace, Tensor input, Tensor? mean, Tensor? variance)
    {
        using var scope = workspace.Scope();
        using var mode = workspace.NoGrad();
        var others = Channels.Others(input.Dim);
        mean?.MulInPlace(1 - Momentum).AddInPlace(input.Mean(others).Mul(Momentum));
        variance?.MulInPlace(1 - Momentum).AddInPlace(input.Var(dim: others, correction: 1L).Mul(Momentum));
    }

    private static void Check(Tensor? t, string name, long channels)
    {
        if (t is not null && t.Numel != channels) throw AutogradException.Shape($"{name} should contain {channels} elements not {t.Numel}");
    }
}
