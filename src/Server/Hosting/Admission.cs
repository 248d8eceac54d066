using AutogradService.Server.Errors;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>
/// How many may come in: counts calls under way and refuses more than there may be. A server that is about to stop drains first, when it takes no more
/// sessions and those that are there go on, and then closes, when it takes no more calls and streams end.
/// </summary>
internal sealed class Admission : IDisposable
{
    private readonly int _callsMax;
    private readonly CancellationTokenSource _closing = new();
    private int _calls;
    private long _drainingSince;

    public Admission(IOptions<ServerOptions> options) => _callsMax = options.Value.Limits.CallsMax;

    /// <summary>Calls under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether the server is about to stop.</summary>
    public bool IsDraining => Volatile.Read(ref _drainingSince) != 0;

    /// <summary>How long ago that was decided, in seconds; 0 while it is not.</summary>
    public double DrainingSeconds => IsDraining ? System.Diagnostics.Stopwatch.GetElapsedTime(Volatile.Read(ref _drainingSince)).TotalSeconds : 0;

    /// <summary>Cancelled when it closes: what streams end themselves by.</summary>
    public CancellationToken ClosingToken => _closing.Token;

    /// <summary>Lets a call in; <see cref="Leave"/> must follow.</summary>
    /// <exception cref="Refusal">DRAINING, OVERLOADED.</exception>
    public void Enter()
    {
        if (_closing.IsCancellationRequested) throw Refusal.Draining();
        if (Interlocked.Increment(ref _calls) <= _callsMax) return;
        Leave();
        throw Refusal.Overloaded(_callsMax);
    }

    /// <summary>A call is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _calls);

    /// <summary>Lets a session be made.</summary>
    /// <exception cref="Refusal">DRAINING.</exception>
    public void EnterSession()
    {
        if (IsDraining) throw Refusal.Draining();
    }

    /// <summary>Refuses new sessions from now on.</summary>
    public void Drain() => Interlocked.CompareExchange(ref _drainingSince, System.Diagnostics.Stopwatch.GetTimestamp(), 0);

    /// <summary>Refuses new calls from now on, and lets streams end.</summary>
    public void Close()
    {
        Drain();
        _closing.Cancel();
    }

    public void Dispose() => _closing.Dispose();
}
