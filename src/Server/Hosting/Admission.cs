using AutogradService.Server.Errors;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>How many may come in: counts calls under way, refuses more than there may be, and refuses all while the server drains.</summary>
internal sealed class Admission : IDisposable
{
    private readonly int _callsMax;
    private readonly CancellationTokenSource _draining = new();
    private int _calls;
    private long _drainingSince;

    public Admission(IOptions<ServerOptions> options) => _callsMax = options.Value.Limits.CallsMax;

    /// <summary>Calls under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether the server is about to stop.</summary>
    public bool IsDraining => _draining.IsCancellationRequested;

    /// <summary>How long ago that was decided, in seconds; 0 while it is not.</summary>
    public double DrainingSeconds => IsDraining ? System.Diagnostics.Stopwatch.GetElapsedTime(Volatile.Read(ref _drainingSince)).TotalSeconds : 0;

    /// <summary>Cancelled when draining starts: what streams end themselves by.</summary>
    public CancellationToken DrainingToken => _draining.Token;

    /// <summary>Lets a call in; <see cref="Leave"/> must follow.</summary>
    /// <exception cref="Refusal">DRAINING, OVERLOADED.</exception>
    public void Enter()
    {
        if (IsDraining) throw Refusal.Draining();
        if (Interlocked.Increment(ref _calls) <= _callsMax) return;
        Leave();
        throw Refusal.Overloaded(_callsMax);
    }

    /// <summary>A call is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _calls);

    /// <summary>Refuses new calls from now on.</summary>
    public void Drain()
    {
        Interlocked.CompareExchange(ref _drainingSince, System.Diagnostics.Stopwatch.GetTimestamp(), 0);
        _draining.Cancel();
    }

    public void Dispose() => _draining.Dispose();
}
