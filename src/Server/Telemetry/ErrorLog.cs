using AutogradService.Server.Errors;

namespace AutogradService.Server.Telemetry;

/// <summary>Where errors go that somebody is told: each is counted by its reason, and a bug of ours is written to the log under the id that the caller gets.</summary>
/// <param name="meter">Counts them.</param>
/// <param name="log">The log.</param>
/// <param name="session">Which session is concerned: its position in order of creation, for its id is a secret.</param>
internal sealed class ErrorLog(ServerMeter meter, ILogger<ErrorLog> log, long session = 0)
{
    /// <summary>The same for one session.</summary>
    public ErrorLog For(long ordinal) => new(meter, log, ordinal);

    /// <summary>Somebody was told.</summary>
    public void Told(Wire.ErrorReason reason)
    {
        meter.Failed(reason);
        log.Refused(ErrorStatus.NameOf(reason), session);
    }

    /// <summary>A bug of ours.</summary>
    /// <returns>The request id, by which the log's entry is found.</returns>
    public string Bug(Exception exception)
    {
        string requestId = Guid.NewGuid().ToString("n");
        using (log.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", requestId), new("Session", session) })) log.Bug(exception, requestId, session);
        return requestId;
    }
}
