using System.Collections.Concurrent;
using System.Diagnostics;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;

namespace AutogradService.Server.Sessions;

/// <summary>What one principal may have, in all of its sessions and calls together. Where no credentials are asked for, all callers are one principal.</summary>
internal sealed class PrincipalQuotas(string principal, LimitOptions limits, MemoryBudget server, TimeProvider time)
{
    private readonly TokenBucket? _commands = limits.PrincipalCommandsPerSecond > 0 ? new TokenBucket(limits.PrincipalCommandsPerSecond, time) : null;
    private readonly TokenBucket? _compute = limits.PrincipalComputePerSecond > 0 ? new TokenBucket(limits.PrincipalComputePerSecond, time) : null;
    private long _lastUsed = time.GetTimestamp();
    private int _sessions;

    public string Principal => principal;

    /// <summary>The memory of its sessions; a part of the server's.</summary>
    public MemoryBudget Memory { get; } = limits.PrincipalBytesMax > 0 ? new MemoryBudget(limits.PrincipalBytesMax, server, "a principal") : server;

    /// <summary>Sessions that are its own now.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Counts a session in, unless there are too many.</summary>
    /// <exception cref="Refusal">QUOTA_SESSIONS.</exception>
    public void AddSession()
    {
        int most = limits.PrincipalSessionsMax > 0 ? limits.PrincipalSessionsMax : int.MaxValue;
        if (Interlocked.Increment(ref _sessions) <= most) return;
        RemoveSession();
        throw Refusal.Quota(Wire.ErrorReason.QuotaSessions, $"the caller holds {Sessions} sessions, at most {most}", most);
    }

    /// <summary>Counts a session out.</summary>
    public void RemoveSession()
    {
        Volatile.Write(ref _lastUsed, time.GetTimestamp());
        Interlocked.Decrement(ref _sessions);
    }

    /// <summary>Whether it has no session, and did nothing for some time.</summary>
    public bool IsUnused(TimeSpan duration) => Sessions == 0 && time.GetElapsedTime(Volatile.Read(ref _lastUsed)) > duration;

    /// <summary>Asks for commands to be run; waits, or refuses, if the caller has had too much of late.</summary>
    /// <exception cref="Refusal">QUOTA_RATE.</exception>
    public ValueTask AdmitAsync(int commands, Patience patience, CancellationToken cancellation) =>
        _commands is null && _compute is null ? ValueTask.CompletedTask : AdmitLimitedAsync(commands, patience, cancellation);

    /// <summary>Notes time that was computed.</summary>
    public void Computed(long ticks)
    {
        if (Sessions == 0) Volatile.Write(ref _lastUsed, time.GetTimestamp());
        _compute?.Take((double)ticks / Stopwatch.Frequency);
    }

    private async ValueTask AdmitLimitedAsync(int commands, Patience patience, CancellationToken cancellation)
    {
        while (true)
        {
            var wait = _compute?.Wait ?? TimeSpan.Zero;
            if (_commands is not null && _commands.Wait > wait) wait = _commands.Wait;
            if (wait == TimeSpan.Zero) break;
            if (patience == Patience.Limited)
                throw Refusal.Rate($"a principal may have {limits.PrincipalCommandsPerSecond} commands run and compute for {limits.PrincipalComputePerSecond} s a second (0: no limit)", wait);
            await Task.Delay(wait, time, cancellation);
        }
        _commands?.Take(commands);
    }
}

/// <summary>The quotas of all principals. Those of principals that have no session and did nothing for a while are forgotten: there may be as many principals as an identity provider likes.</summary>
internal sealed class QuotaTable(LimitOptions limits, MemoryBudget server, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PrincipalQuotas> _principals = new();

    /// <summary>A principal's quotas.</summary>
    public PrincipalQuotas Of(string principal) => _principals.TryGetValue(principal, out var quotas) ? quotas : _principals.GetOrAdd(principal, static (p, s) => new PrincipalQuotas(p, s.limits, s.server, s.time), (limits, server, time));

    /// <summary>Forgets those that have been unused for some time.</summary>
    public void Forget(TimeSpan unused)
    {
        foreach (var quotas in _principals.Values)
            if (quotas.IsUnused(unused)) _principals.TryRemove(quotas.Principal, out _);
    }
}

/// <summary>Something that grows back at a steady rate, up to what a second brings, and may be overdrawn: who takes much waits afterwards.</summary>
/// <param name="perSecond">How much grows back in a second.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _used;
    private long _at = time.GetTimestamp();

    /// <summary>How long until there is something left.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                Refill();
                return _used < perSecond ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(_used / perSecond - 1, 1e-3));
            }
        }
    }

    /// <summary>Takes some.</summary>
    public void Take(double amount)
    {
        lock (_lock)
        {
            Refill();
            _used += amount;
        }
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        _used = Math.Max(0, _used - perSecond * time.GetElapsedTime(_at, now).TotalSeconds);
        _at = now;
    }
}
