namespace AutogradService.Engine.Ops;

/// <summary>
/// Instance normalisation: every channel of every sample standardised by its own mean and variance (or, without use_input_stats, by the running ones): (x - mean) / sqrt(variance + eps) * weight + bias.
/// The running statistics move by momentum towards the mean over the batch.
/// </summary>
[Op("instance_norm(input, running_mean?!, running_var?!, weight?, bias?, use_input_stats, momentum, eps)")]
public sealed partial record InstanceNorm(bool UseInputStats = true, double Momentum = 0.1, double Eps = 1e-5) : CompositeOp, IOp<InstanceNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<InstanceNorm>((op, x) =>
    {
        if (!op.UseInputStats) return Channels.Define(x, false, op.Eps);
        return GroupNorm.Reference.Compute(new GroupNorm(x[0].Shape[1], op.Eps), [x[0], x[3], x[4]])[0];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new InstanceNorm(true, 0.1, 0.1), s.Any(2, 3, 4), null, null, s.Any(3), s.Any(3)),
            Sample.Of(new InstanceNorm(true, 0.1, 0.1), s.Any(2, 2, 2, 3), null, null, null, null),
            Sample.Of(new InstanceNorm(false, 0.1, 0.1), s.Any(2, 3, 2), s.Any(3), s.Positive(3), s.Any(3), null),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        Tensor? mean = x.Optional(1), variance = x.Optional(2);
        if (UseInputStats && Shape.Of(input.Shape.Sizes[Math.Min(2, input.Dim)..]).Numel == 1)
            throw AutogradException.Attribute($"Expected more than 1 spatial element when training, got input size torch.Size({input.Shape})", TorchErrorType.ValueError);
        if (!UseInputStats && (mean is null || variance is null))
            throw AutogradException.Attribute("Expected running_mean and running_var to be defined when use_input_stats=False");
        if (input.Dim < 2) throw AutogradException.Shape($"expected at least 2D input (got {input.Dim}D input)");
        long batch = input.Shape[0], channels = input.Shape[1];
        // A batch of one with the channels of all samples.
        var folded = input.Contiguous().View(Dims.Create([1, batch * channels, .. input.Shape.Sizes[2..]]));
        Tensor? means = Repeated(mean, batch), variances = Repeated(variance, batch);
        var output = folded.BatchNorm(means, variances, Repeated(x.Optional(3), batch), Repeated(x.Optional(4), batch), UseInputStats, Momentum, Eps).View(Dims.Of(input.Shape));
        if (UseInputStats)
        {
            Collect(workspace, means, mean, batch);
            Collect(workspace, variances, variance, batch);
        }
        return output;
    }

    private static Tensor? Repeated(Tensor? t, long batch) => t?.Repeat([batch]);

    private static void Collect(Workspace workspace, Tensor? moved, Tensor? running, long batch)
    {
        if (running is null) return;
        using var scope = workspace.Scope();
        using var mode = workspace.NoGrad();
        running.CopyInPlace(moved!.View([batch, running.Numel]).Mean([0]));
    }
}
