using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

/// <summary>A session's hooks by id, bounded in number.</summary>
internal sealed class HookTable(int hooksMax)
{
    private readonly Dictionary<ulong, (GradientHook Hook, HookStatistics? Statistics)> _hooks = [];
    private ulong _lastId;

    public int Count => _hooks.Count;

    /// <summary>Registers a hook.</summary>
    /// <exception cref="Refusal">QUOTA_HOOKS.</exception>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE.</exception>
    public ulong Add(Tensor tensor, GradientHook hook, HookStatistics? statistics)
    {
        if (_hooks.Count >= hooksMax)
            throw Refusal.Quota(Wire.ErrorReason.QuotaHooks, $"the session may hold {hooksMax} hooks, and does", hooksMax);
        tensor.RegisterHook(hook);
        _hooks.Add(++_lastId, (hook, statistics));
        return _lastId;
    }

    /// <summary>Removes a hook.</summary>
    /// <exception cref="Refusal">HOOK_NOT_FOUND.</exception>
    public void Remove(ulong id)
    {
        if (!_hooks.Remove(id, out var entry)) throw Refusal.HookNotFound(id);
        entry.Hook.Remove();
    }

    /// <summary>What a recording hook has seen.</summary>
    /// <exception cref="Refusal">HOOK_NOT_FOUND, INVALID_FIELD.</exception>
    public Wire.HookStatistics Read(ulong id, bool reset)
    {
        if (!_hooks.TryGetValue(id, out var entry)) throw Refusal.HookNotFound(id);
        if (entry.Statistics is not { } statistics) throw Refusal.InvalidField("read_hook.hook_id", "this hook records nothing");
        var seen = statistics.Seen;
        if (reset) statistics.Reset();
        return seen;
    }
}

/// <summary>The hooks that the contract offers, in terms of the engine's ops, so that they can be differentiated.</summary>
internal static class GradientHooks
{
    /// <summary>The hook that a command asks for.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public static (GradientHook Hook, HookStatistics? Statistics) Of(Wire.RegisterHook call)
    {
        if (call.HookCase != Wire.RegisterHook.HookOneofCase.RecordStatistics) return (Changing(call), null);
        if (!call.RecordStatistics) throw Refusal.InvalidField("register_hook.record_statistics", "must be true");
        var statistics = new HookStatistics();
        return (new GradientHook("record_statistics", statistics.Observe), statistics);
    }

    private static GradientHook Changing(Wire.RegisterHook call)
    {
        switch (call.HookCase)
        {
            case Wire.RegisterHook.HookOneofCase.Scale:
                double factor = call.Scale;
                return new GradientHook("scale", gradient => gradient.Mul(factor));
            case Wire.RegisterHook.HookOneofCase.Clamp:
                if (!call.Clamp.HasMin && !call.Clamp.HasMax) throw Refusal.InvalidField("register_hook.clamp", "at least one of min and max is required");
                Operand? min = call.Clamp.HasMin ? call.Clamp.Min : null, max = call.Clamp.HasMax ? call.Clamp.Max : null;
                return new GradientHook("clamp", gradient => gradient.Clamp(min, max));
            case Wire.RegisterHook.HookOneofCase.ClipNorm:
                double most = call.ClipNorm;
                if (!(most >= 0)) throw Refusal.InvalidField("register_hook.clip_norm", "the norm must not be negative");
                return new GradientHook("clip_norm", gradient => Clip(gradient, most));
            case Wire.RegisterHook.HookOneofCase.StopOnNonfinite:
                if (!call.StopOnNonfinite) throw Refusal.InvalidField("register_hook.stop_on_nonfinite", "must be true");
                return new GradientHook("stop_on_nonfinite", RefuseNonfinite);
            default:
                throw Refusal.Missing("register_hook.hook");
        }
    }

    private static Tensor Clip(Tensor gradient, double most)
    {
        double norm = Math.Sqrt(gradient.Mul(gradient).Sum().Item());
        return norm > most ? gradient.Mul(most / norm) : gradient;
    }

    // A number that is not finite makes the sum of x - x NaN, and nothing else does.
    private static Tensor RefuseNonfinite(Tensor gradient)
    {
        if (double.IsNaN(gradient.Sub(gradient).Sum().Item()))
            throw new Refusal(Wire.ErrorReason.NonfiniteGradient, "a gradient has a NaN or an infinity");
        return gradient;
    }
}

/// <summary>What a hook has seen of a gradient, over all its calls.</summary>
internal sealed class HookStatistics
{
    private Wire.HookStatistics _seen = Empty();

    /// <summary>A copy of the counts.</summary>
    public Wire.HookStatistics Seen => _seen.Clone();

    /// <summary>Starts anew.</summary>
    public void Reset() => _seen = Empty();

    /// <summary>Counts a gradient and lets it pass.</summary>
    public Tensor Observe(Tensor gradient)
    {
        var workspace = gradient.Workspace;
        using var scope = workspace.Scope();
        using var mode = workspace.NoGrad();
        var values = gradient.Detach().To(DType.Float64);
        var finite = values.Isfinite();
        long count = (long)finite.Sum().Item();
        _seen.Calls++;
        _seen.Elements += (ulong)values.Numel;
        _seen.Nonfinite += (ulong)(values.Numel - count);
        _seen.LastNorm = Math.Sqrt(values.Mul(values).Sum().Item());
        if (count == 0) return gradient;
        if (count < values.Numel) values = values.MaskedSelect(finite);
        _seen.Sum += values.Sum().Item();
        _seen.SumOfSquares += values.Mul(values).Sum().Item();
        _seen.Min = Math.Min(_seen.Min, values.Min().Item());
        _seen.Max = Math.Max(_seen.Max, values.Max().Item());
        return gradient;
    }

    private static Wire.HookStatistics Empty() => new() { Min = double.PositiveInfinity, Max = double.NegativeInfinity };
}
