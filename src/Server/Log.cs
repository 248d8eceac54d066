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
}
