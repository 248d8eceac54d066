using System.Security.Cryptography;
using System.Text;
using AutogradService.Server.Errors;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>Who may come in: counts calls under way, refuses more than there may be, refuses all while the server drains, and tells who calls.</summary>
internal sealed class Admission : IDisposable
{
    private const string Anonymous = "anonymous";
    private readonly int _callsMax;
    private readonly (string Principal, byte[] KeyHash)[] _principals;
    private readonly CancellationTokenSource _draining = new();
    private int _calls;
    private long _drainingSince;

    public Admission(IOptions<ServerOptions> options)
    {
        _callsMax = options.Value.Limits.CallsMax;
        _principals = [.. options.Value.Principals.Select(p => (p.Key, SHA256.HashData(Encoding.UTF8.GetBytes(p.Value))))];
    }

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

    /// <summary>The principal behind a call.</summary>
    /// <exception cref="Refusal">CREDENTIALS_REQUIRED.</exception>
    public string CallerOf(ServerCallContext call)
    {
        if (_principals.Length == 0) return Anonymous;
        string header = call.RequestHeaders.GetValue("authorization") ?? "";
        const string scheme = "Bearer ";
        if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            // Hashes have one length, so the comparison's time tells nothing about a key.
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(header[scheme.Length..]));
            foreach (var (principal, keyHash) in _principals)
                if (CryptographicOperations.FixedTimeEquals(hash, keyHash)) return principal;
        }
        throw Refusal.CredentialsRequired();
    }
}
