using System.Net;

namespace AutogradService.Server.Security;

/// <summary>
/// What an operator wants to be able to look up later: who was turned away, who made and deleted sessions, what admins did, which files were read again. Category "Autograd.Audit". Holds
/// no secret: no key, no token, no session id. Bounded, so that a flood of bad keys fills no disk: of one kind from one source, so many a minute are told one by one and the rest as a
/// number.
/// </summary>
internal sealed class AuditLog(ILoggerFactory factory, TimeProvider time) : IDisposable
{
    /// <summary>The category.</summary>
    public const string Category = "Autograd.Audit";

    private const int RefusalsMax = 10;
    private const int EventsMax = 600;
    private const int SourcesMax = 1024;
    private const string Others = "(others)";
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly ILogger _log = factory.CreateLogger(Category);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Source), int> _counts = [];
    private ITimer? _windowEnd;

    /// <summary>Somebody was turned away.</summary>
    public void SignInRefused(string peer, string method, string why)
    {
        if (MayTell("sign-in refused", peer, RefusalsMax)) _log.SignInRefused(peer, method, why);
    }

    /// <summary>A session was made.</summary>
    public void SessionCreated(Caller caller, long session)
    {
        if (IsSomebody(caller) && MayTell("session created", caller.Principal, EventsMax)) _log.SessionCreatedBy(session, caller.Principal);
    }

    /// <summary>A session was deleted.</summary>
    public void SessionDeleted(Caller caller, string owner, long session)
    {
        if (IsSomebody(caller) && MayTell("session deleted", caller.Principal, EventsMax)) _log.SessionDeletedBy(session, owner, caller.Principal);
    }

    /// <summary>An admin did what only admins may.</summary>
    public void AdminActed(Caller caller, string action, string owner)
    {
        if (MayTell("admin action", caller.Principal, EventsMax)) _log.AdminActed(caller.Principal, action, owner);
    }

    /// <summary>Somebody asked for what only admins may.</summary>
    public void AdminRefused(Caller caller, string action)
    {
        if (MayTell("admin action refused", caller.Principal, RefusalsMax)) _log.AdminRefused(caller.Principal, action);
    }

    /// <summary>A file of keys or certificates was read again.</summary>
    public void Reloaded(string what, string now) => _log.Reloaded(what, now);

    /// <summary>A file of keys or certificates is no good.</summary>
    public void ReloadFailed(string what, string why) => _log.ReloadFailed(what, why);

    /// <summary>A peer's address, without the port, which would make every connection a source of its own.</summary>
    public static string PeerOf(EndPoint? peer) => peer is IPEndPoint { Address: var address } ? address.ToString() : peer?.ToString() ?? "";

    /// <inheritdoc cref="PeerOf(EndPoint?)"/>
    public static string PeerOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    public void Dispose() => _windowEnd?.Dispose();

    // Where nobody is asked who he is there is nobody to name; and the server's own calls are its own.
    private static bool IsSomebody(Caller caller) => !ReferenceEquals(caller, Caller.Anonymous) && caller.Principal != OwnKey.Principal;

    private bool MayTell(string kind, string source, int most)
    {
        lock (_lock)
        {
            var key = (kind, source);
            if (!_counts.ContainsKey(key) && _counts.Count >= SourcesMax) key = (kind, Others);
            int count = _counts[key] = _counts.GetValueOrDefault(key) + 1;
            _windowEnd ??= time.CreateTimer(static log => ((AuditLog)log!).EndWindow(), this, s_window, Timeout.InfiniteTimeSpan);
            return count <= most;
        }
    }

    private void EndWindow()
    {
        lock (_lock)
        {
            foreach (var ((kind, source), count) in _counts)
            {
                int most = kind.EndsWith("refused", StringComparison.Ordinal) ? RefusalsMax : EventsMax;
                if (count > most) _log.AuditSuppressed(count - most, kind, source);
            }
            _counts.Clear();
            _windowEnd?.Dispose();
            _windowEnd = null;
        }
    }
}
