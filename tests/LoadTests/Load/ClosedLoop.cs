namespace AutogradService.LoadTests.Load;

/// <summary>Each lane makes its next request when it has the answer to the last: as many users who wait. Says how much a server can do, not how long users wait when more come.</summary>
internal static class ClosedLoop
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs until the recorder's end.</summary>
    public static Task RunAsync(LaneSet lanes, Recorder recorder, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, lanes.Count).Select(index => Task.Run(async () =>
        {
            for (long now = Clock.Now; now < recorder.To && !cancellation.IsCancellationRequested; now = Clock.Now)
            {
                recorder.Due(now, now);
                // A server that refuses at once would otherwise be asked as fast as the client can.
                if (!await lanes.RequestAsync(index, now, recorder, cancellation)) await Task.Delay(s_pauseAfterFailure, CancellationToken.None);
            }
        }, CancellationToken.None)));
}
