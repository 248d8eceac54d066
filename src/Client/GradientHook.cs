namespace AutogradService.Client;

/// <summary>Something done on the server to a tensor's gradient.</summary>
public sealed class GradientHook
{
    private readonly Action<Wire.RegisterHook> _fill;

    private GradientHook(Action<Wire.RegisterHook> fill) => _fill = fill;

    /// <summary>Fails the backward if the gradient has a NaN or an infinity.</summary>
    public static GradientHook StopOnNonfinite { get; } = new(static hook => hook.StopOnNonfinite = true);

    /// <summary>Records statistics of the gradient and lets it pass; <see cref="RegisteredHook.ReadAsync"/> tells them.</summary>
    public static GradientHook RecordStatistics { get; } = new(static hook => hook.RecordStatistics = true);

    /// <summary>Multiplies the gradient by a factor.</summary>
    /// <param name="factor">The factor.</param>
    public static GradientHook Scale(double factor) => new(hook => hook.Scale = factor);

    /// <summary>Clamps the gradient's elements.</summary>
    /// <param name="min">Smallest value let through; null: no lower bound.</param>
    /// <param name="max">Largest value let through; null: no upper bound.</param>
    public static GradientHook Clamp(double? min, double? max) => new(hook =>
    {
        hook.Clamp = new Wire.ClampHook();
        if (min is { } low) hook.Clamp.Min = low;
        if (max is { } high) hook.Clamp.Max = high;
    });

    /// <summary>Scales the gradient down to a 2-norm if its norm is larger.</summary>
    /// <param name="norm">The norm.</param>
    public static GradientHook ClipNorm(double norm) => new(hook => hook.ClipNorm = norm);

    internal Wire.RegisterHook ToWire(ulong tensor)
    {
        var wire = new Wire.RegisterHook { Tensor = tensor };
        _fill(wire);
        return wire;
    }
}

/// <summary>A hook that was registered.</summary>
public sealed class RegisteredHook
{
    private readonly AutogradSession _session;
    private readonly Task<Answer> _registering;

    internal RegisteredHook(AutogradSession session, Task<Answer> registering)
    {
        _session = session;
        _registering = registering;
    }

    /// <summary>Removes the hook.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">It could not be registered, or was removed already (HOOK_NOT_FOUND).</exception>
    public async Task RemoveAsync(CancellationToken cancellation = default)
    {
        ulong id = await IdAsync(cancellation).ConfigureAwait(false);
        await _session.AskAsync(new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = id } }, "remove_hook", default, cancellation).ConfigureAwait(false);
    }

    /// <summary>What a hook of <see cref="GradientHook.RecordStatistics"/> has seen, after every command given so far.</summary>
    /// <param name="reset">Starts counting anew.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">It could not be registered, was removed, or records nothing.</exception>
    public async Task<GradientStatistics> ReadAsync(bool reset = false, CancellationToken cancellation = default)
    {
        ulong id = await IdAsync(cancellation).ConfigureAwait(false);
        var result = await _session.AskAsync(new Wire.Command { ReadHook = new Wire.ReadHook { HookId = id, Reset = reset } }, "read_hook", default, cancellation).ConfigureAwait(false);
        return new GradientStatistics(result.HookStatistics);
    }

    private async Task<ulong> IdAsync(CancellationToken cancellation)
    {
        var flushing = _session.FlushAsync(cancellation);
        var answer = await _registering.WaitAsync(cancellation).ConfigureAwait(false);
        await flushing.ConfigureAwait(false);
        if (answer.Failure is { } failure) throw failure.ToException();
        return answer.Result.HookId;
    }
}

/// <summary>What a recording hook has seen of a gradient, over all backward passes.</summary>
public sealed record GradientStatistics
{
    internal GradientStatistics(Wire.HookStatistics wire)
    {
        Calls = (long)wire.Calls;
        Elements = (long)wire.Elements;
        Nonfinite = (long)wire.Nonfinite;
        Min = wire.Min;
        Max = wire.Max;
        LastNorm = wire.LastNorm;
        long finite = Elements - Nonfinite;
        Mean = wire.Sum / finite;
        RootMeanSquare = Math.Sqrt(wire.SumOfSquares / finite);
    }

    /// <summary>How often the hook ran.</summary>
    public long Calls { get; }

    /// <summary>Elements seen.</summary>
    public long Elements { get; }

    /// <summary>How many of them were NaN or infinite; what follows leaves these out, except <see cref="LastNorm"/>.</summary>
    public long Nonfinite { get; }

    /// <summary>Mean of the elements; NaN if there were none.</summary>
    public double Mean { get; }

    /// <summary>Root of the mean square.</summary>
    public double RootMeanSquare { get; }

    /// <summary>Smallest element.</summary>
    public double Min { get; }

    /// <summary>Largest element.</summary>
    public double Max { get; }

    /// <summary>2-norm of the latest gradient.</summary>
    public double LastNorm { get; }
}
