namespace AutogradService.Server;

/// <summary>Everything the server writes to its log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Protocol} on {Address}")]
    public static partial void Listening(this ILogger log, string protocol, string address);

    [LoggerMessage(2, LogLevel.Error, "Bug, request id {RequestId}, session {Session}")]
    public static partial void Bug(this ILogger log, Exception exception, string requestId, long session);

    [LoggerMessage(3, LogLevel.Debug, "Session {Session} created; {Sessions} in all")]
    public static partial void SessionCreated(this ILogger log, long session, int sessions);

    [LoggerMessage(4, LogLevel.Debug, "Session {Session} ended ({Why}); {Sessions} left")]
    public static partial void SessionEnded(this ILogger log, long session, string why, int sessions);

    [LoggerMessage(5, LogLevel.Information, "Draining: no new sessions; {Calls} calls under way")]
    public static partial void Draining(this ILogger log, int calls);

    [LoggerMessage(6, LogLevel.Warning, "Stopped waiting for {Calls} calls")]
    public static partial void DrainGaveUp(this ILogger log, int calls);

    [LoggerMessage(7, LogLevel.Debug, "Warmed up in {Milliseconds} ms")]
    public static partial void WarmedUp(this ILogger log, double milliseconds);

    [LoggerMessage(8, LogLevel.Debug, "Not warmed up: {Why}")]
    public static partial void WarmUpFailed(this ILogger log, string why);

    [LoggerMessage(20, LogLevel.Debug, "Refused: {Reason}, session {Session}")]
    public static partial void Refused(this ILogger log, string reason, long session);

    [LoggerMessage(21, LogLevel.Debug, "Call {Method} ended with {Status} after {Milliseconds} ms, request {RequestId}")]
    public static partial void CallEnded(this ILogger log, string method, string status, double milliseconds, string requestId);

    [LoggerMessage(22, LogLevel.Warning, "{Entries} log entries were not written: there were too many")]
    public static partial void EntriesDropped(this ILogger log, long entries);

    [LoggerMessage(40, LogLevel.Warning, "Listening on {Address} and asking nobody for credentials, as Autograd:Security:AllowAnonymous says")]
    public static partial void OpenToAll(this ILogger log, string address);

    [LoggerMessage(41, LogLevel.Warning, "Listening on {Address} without TLS: credentials travel in cleartext unless something before the server ends TLS")]
    public static partial void KeysInCleartext(this ILogger log, string address);

    [LoggerMessage(42, LogLevel.Warning, "Sign-in refused: peer {Peer}, method {Method}, {Reason}")]
    public static partial void SignInRefused(this ILogger log, string peer, string method, string reason);

    [LoggerMessage(43, LogLevel.Information, "Session {Session} created by {Principal}")]
    public static partial void SessionCreatedBy(this ILogger log, long session, string principal);

    [LoggerMessage(44, LogLevel.Information, "Session {Session} of {Owner} deleted by {Principal}")]
    public static partial void SessionDeletedBy(this ILogger log, long session, string owner, string principal);

    [LoggerMessage(45, LogLevel.Information, "Admin {Principal}: {Action} of {Owner}")]
    public static partial void AdminActed(this ILogger log, string principal, string action, string owner);

    [LoggerMessage(46, LogLevel.Warning, "Refused, as {Principal} is no admin: {Action}")]
    public static partial void AdminRefused(this ILogger log, string principal, string action);

    [LoggerMessage(47, LogLevel.Information, "Read again: {What}, now {Content}")]
    public static partial void Reloaded(this ILogger log, string what, string content);

    [LoggerMessage(48, LogLevel.Error, "Not read again, what was there before stays in force: {What}: {Why}")]
    public static partial void ReloadFailed(this ILogger log, string what, string why);

    [LoggerMessage(49, LogLevel.Warning, "{Count} more times in the last minute: {Kind}, from {Source}")]
    public static partial void AuditSuppressed(this ILogger log, int count, string kind, string source);
}
