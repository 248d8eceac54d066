namespace AutogradService.Server;

/// <summary>Everything the server writes to its log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Protocol} on {Address}")]
    public static partial void Listening(this ILogger log, string protocol, string address);

    [LoggerMessage(2, LogLevel.Error, "Bug, request id {RequestId}")]
    public static partial void Bug(this ILogger log, Exception exception, string requestId);

    [LoggerMessage(3, LogLevel.Debug, "Session created; {Sessions} in all")]
    public static partial void SessionCreated(this ILogger log, int sessions);

    [LoggerMessage(4, LogLevel.Debug, "Session ended ({Why}); {Sessions} left")]
    public static partial void SessionEnded(this ILogger log, string why, int sessions);

    [LoggerMessage(5, LogLevel.Information, "Draining: {Calls} calls under way")]
    public static partial void Draining(this ILogger log, int calls);

    [LoggerMessage(6, LogLevel.Warning, "Stopped waiting for {Calls} calls")]
    public static partial void DrainGaveUp(this ILogger log, int calls);

    [LoggerMessage(7, LogLevel.Debug, "Warmed up in {Milliseconds} ms")]
    public static partial void WarmedUp(this ILogger log, double milliseconds);

    [LoggerMessage(8, LogLevel.Debug, "Not warmed up: {Why}")]
    public static partial void WarmUpFailed(this ILogger log, string why);

    [LoggerMessage(20, LogLevel.Warning, "Listening on {Address} and asking nobody for credentials, as Autograd:Security:AllowAnonymous says")]
    public static partial void OpenToAll(this ILogger log, string address);

    [LoggerMessage(21, LogLevel.Warning, "Listening on {Address} without TLS: credentials travel in cleartext unless something before the server ends TLS")]
    public static partial void KeysInCleartext(this ILogger log, string address);

    [LoggerMessage(22, LogLevel.Warning, "Sign-in refused: peer {Peer}, method {Method}, {Reason}")]
    public static partial void SignInRefused(this ILogger log, string peer, string method, string reason);

    [LoggerMessage(23, LogLevel.Information, "Session {Session} created by {Principal}")]
    public static partial void SessionCreatedBy(this ILogger log, long session, string principal);

    [LoggerMessage(24, LogLevel.Information, "Session {Session} of {Owner} deleted by {Principal}")]
    public static partial void SessionDeletedBy(this ILogger log, long session, string owner, string principal);

    [LoggerMessage(25, LogLevel.Information, "Admin {Principal}: {Action} of {Owner}")]
    public static partial void AdminActed(this ILogger log, string principal, string action, string owner);

    [LoggerMessage(26, LogLevel.Warning, "Refused, as {Principal} is no admin: {Action}")]
    public static partial void AdminRefused(this ILogger log, string principal, string action);

    [LoggerMessage(27, LogLevel.Information, "Read again: {What}, now {Content}")]
    public static partial void Reloaded(this ILogger log, string what, string content);

    [LoggerMessage(28, LogLevel.Error, "Not read again, what was there before stays in force: {What}: {Why}")]
    public static partial void ReloadFailed(this ILogger log, string what, string why);

    [LoggerMessage(29, LogLevel.Warning, "{Count} more times in the last minute: {Kind}, from {Source}")]
    public static partial void AuditSuppressed(this ILogger log, int count, string kind, string source);
}
