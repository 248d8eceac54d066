using System.Globalization;
using System.Security.Cryptography;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Sessions;

/// <summary>All sessions: bounded in number, expired when idle, remembered for a while after they ended.</summary>
internal sealed class SessionTable : IHostedService, IDisposable
{
    // After so long, memory that a session keeps for reuse serves others better.
    private static readonly TimeSpan s_trimAfter = TimeSpan.FromSeconds(10);
    // By then whatever rate a principal was held to has long been made up for.
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromMinutes(10);
    private readonly LimitOptions _limits;
    private readonly MemoryBudget _memory;
    private readonly RunSlots _slots;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionTable> _log;
    private readonly ServerMeter _meter;
    private readonly UsageTable _usage;
    private readonly ErrorLog _errors;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly Dictionary<string, string> _ownersOfEnded = [];
    private readonly Queue<string> _ended = new();
    private ITimer? _sweep;
    private long _ordinal;

    public SessionTable(IOptions<ServerOptions> options, RunSlots slots, TimeProvider time, ServerMeter meter, UsageTable usage, ErrorLog errors, ILogger<SessionTable> log)
    {
        _limits = options.Value.Limits;
        _memory = new MemoryBudget(_limits.ServerBytes);
        _slots = slots;
        Quotas = new QuotaTable(_limits, _memory, time);
        _time = time;
        _meter = meter;
        _usage = usage;
        _errors = errors;
        _log = log;
    }

    /// <summary>The memory that all sessions, and functions, share.</summary>
    public MemoryBudget Memory => _memory;

    /// <summary>What each principal may have.</summary>
    public QuotaTable Quotas { get; }

    /// <summary>Makes a session.</summary>
    /// <exception cref="Refusal">QUOTA_SESSIONS.</exception>
    public Session Create(string owner, string displayName, TimeSpan? idle)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        var time = TimeSpan.FromSeconds(Math.Min(idle?.TotalSeconds ?? _limits.IdleSeconds, _limits.IdleSecondsMax));
        Session session;
        int count;
        lock (_lock)
        {
            if (_sessions.Count >= _limits.SessionsMax)
                throw Refusal.Quota(Wire.ErrorReason.QuotaSessions, $"the server holds {_sessions.Count} sessions, at most {_limits.SessionsMax}", _limits.SessionsMax);
            var quotas = Quotas.Of(owner);
            quotas.AddSession();
            session = new Session(Convert.ToHexStringLower(random), quotas, displayName, time, ++_ordinal, _limits, _slots, _time, _meter, _usage.Of(owner).ForSession(), _errors);
            _sessions.Add(session.Id, session);
            count = _sessions.Count;
        }
        _log.SessionCreated(session.Ordinal, count);
        return session;
    }

    /// <summary>Finds a session of the caller's.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="caller">The principal that asks.</param>
    /// <param name="anyOwner">Whether it may be anybody's: an admin asks.</param>
    /// <exception cref="Refusal">NOT_SESSION_OWNER, SESSION_EXPIRED, SESSION_NOT_FOUND, INVALID_FIELD.</exception>
    public Session Get(string id, string caller, bool anyOwner = false)
    {
        if (id.Length == 0) throw Refusal.Missing("session_id");
        Session? session;
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out session))
            {
                if (!_ownersOfEnded.TryGetValue(id, out string? owner)) throw Refusal.SessionNotFound();
                throw owner == caller || anyOwner ? Refusal.SessionExpired() : Refusal.NotSessionOwner();
            }
        }
        if (session.Owner != caller && !anyOwner) throw Refusal.NotSessionOwner();
        if (!session.HasExpired) return session;
        _ = RemoveAsync(session, "idle");
        throw Refusal.SessionExpired();
    }

    /// <summary>Ends a session.</summary>
    /// <returns>When what it held is given back.</returns>
    public Task RemoveAsync(Session session, string why)
    {
        int count;
        lock (_lock)
        {
            if (!_sessions.Remove(session.Id)) return Task.CompletedTask;
            session.Quotas.RemoveSession();
            _ownersOfEnded[session.Id] = session.Owner;
            _ended.Enqueue(session.Id);
            if (_ended.Count > _limits.TombstonesMax) _ownersOfEnded.Remove(_ended.Dequeue());
            count = _sessions.Count;
        }
        _log.SessionEnded(session.Ordinal, why, count);
        return session.EndAsync();
    }

    /// <summary>All sessions there are.</summary>
    public Session[] All()
    {
        lock (_lock) return [.. _sessions.Values];
    }

    /// <summary>All sessions of a principal.</summary>
    public Session[] Of(string principal)
    {
        lock (_lock) return [.. _sessions.Values.Where(s => s.Owner == principal)];
    }

    /// <summary>The caller's sessions in order of creation, a page at a time; null: everybody's.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public (List<Session> Sessions, string NextToken) Page(string? caller, int size, string token)
    {
        long after = 0;
        if (token.Length > 0 && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw Refusal.InvalidField("page_token", "this is no token that the server gave out");
        List<Session> page;
        lock (_lock)
            page = [.. _sessions.Values.Where(s => (caller is null || s.Owner == caller) && s.Ordinal > after).OrderBy(s => s.Ordinal).Take(size + 1)];
        if (page.Count <= size) return (page, "");
        page.RemoveAt(size);
        return (page, page[^1].Ordinal.ToString(CultureInfo.InvariantCulture));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromSeconds(Math.Clamp(_limits.IdleSeconds / 10, 1, 30));
        _sweep = _time.CreateTimer(static table => ((SessionTable)table!).Sweep(), this, period, period);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _sweep?.Dispose();
        foreach (var session in All()) await RemoveAsync(session, "shutdown").WaitAsync(cancellationToken);
    }

    public void Dispose() => _sweep?.Dispose();

    private void Sweep()
    {
        foreach (var session in All())
        {
            if (session.HasExpired) _ = RemoveAsync(session, "idle");
            else session.TrimIfUnused(s_trimAfter);
        }
        lock (_lock) Quotas.Forget(s_forgetAfter);
    }
}
