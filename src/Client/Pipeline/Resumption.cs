using System.Diagnostics;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>How long, and how often, it is tried to come back to a session after its connection was lost.</summary>
/// <param name="timeout">When to give up.</param>
internal sealed class Resumption(TimeSpan timeout)
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_attemptMax = TimeSpan.FromSeconds(5);
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>How long an attempt may take.</summary>
    public TimeSpan AttemptPatience
    {
        get
        {
            var left = timeout - Stopwatch.GetElapsedTime(_start);
            return left < s_firstDelay ? s_firstDelay : left < s_attemptMax ? left : s_attemptMax;
        }
    }

    /// <summary>Whether a connection that ended so may be had again: the transport failed, or the server is busy for the moment.</summary>
    public static bool MayHelp(RpcException e)
    {
        var status = Failure.StatusOf(e);
        // Without a word of the server's own it was something on the way.
        if (status.Details.Count == 0) return e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown;
        return new Failure(0, "", default, true, status).Reason is ErrorReason.Overloaded;
    }

    /// <summary>The loss of a connection under whatever name a transport gives it; null: something else.</summary>
    public static RpcException? LossOf(Exception e) => e switch
    {
        RpcException loss => loss,
        // Not every one is wrapped on its way: a write to a call whose connection is gone throws what the socket or the call's state says.
        IOException or HttpRequestException or InvalidOperationException => new RpcException(new Status(StatusCode.Unavailable, e.Message, e)),
        _ => null,
    };

    /// <summary>Makes a call that may be made twice, again and again while its connection is lost.</summary>
    /// <param name="timeout">When to give up.</param>
    /// <param name="call">The call.</param>
    /// <param name="isOver">Whether its session is over, so that no connection helps.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RpcException">It was refused, or the connection did not come back.</exception>
    public static async Task<T> CallAsync<T>(TimeSpan timeout, Func<Task<T>> call, Func<bool> isOver, CancellationToken cancellation)
    {
        var resumption = new Resumption(timeout);
        while (true)
        {
            RpcException cause;
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception e) when (LossOf(e) is { } loss)
            {
                cause = loss;
            }
            if (cancellation.IsCancellationRequested || isOver() || !MayHelp(cause) || !resumption.TryDelay(cause, out var delay)) throw cause;
            await Task.Delay(delay, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>How long to wait before the next attempt; each waits twice as long as the one before, and not all clients the same time.</summary>
    /// <returns>False if it is time to give up.</returns>
    public bool TryDelay(RpcException cause, out TimeSpan delay)
    {
        delay = s_firstDelay * Math.Pow(2, Math.Min(Attempts, 16));
        if (delay > s_delayMax) delay = s_delayMax;
        delay *= 0.5 + Random.Shared.NextDouble();
        var asked = Failure.Of(cause).RetryAfter;
        if (asked > delay) delay = asked.Value;
        Attempts++;
        return Stopwatch.GetElapsedTime(_start) + delay < timeout;
    }
}
