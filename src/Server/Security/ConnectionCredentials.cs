using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AutogradService.Server.Security;

/// <summary>
/// What was found out from the credentials that a connection's calls presented, so that a token's signature is checked once and not with every call. A few, for a proxy may bring
/// several callers; gone with the connection, so there is nothing to bound beside connections themselves.
/// </summary>
internal sealed class ConnectionCredentials
{
    private const int RememberedMax = 8;
    private volatile Remembered[] _remembered = [];

    /// <summary>Intermediate certificates that the client showed beside its own.</summary>
    public X509Certificate2Collection Intermediates { get; set; } = [];

    /// <summary>Who presented these credentials before, if that is still true.</summary>
    /// <param name="header">The header; null: the client's certificate.</param>
    /// <param name="generation">See <see cref="WatchedFiles.Generation"/>.</param>
    public Caller? Find(string? header, int generation)
    {
        foreach (var seen in _remembered)
            if (seen.Generation == generation && AreSame(seen.Header, header)) return seen.Caller;
        return null;
    }

    public void Remember(string? header, int generation, Caller caller)
    {
        var before = _remembered;
        // Two calls at once may both write; one of them is then found out again.
        _remembered = [new Remembered(header, generation, caller), .. before.Where(seen => seen.Generation == generation && !AreSame(seen.Header, header)).Take(RememberedMax - 1)];
    }

    private static bool AreSame(string? a, string? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(a.AsSpan()), MemoryMarshal.AsBytes(b.AsSpan())));

    private sealed record Remembered(string? Header, int Generation, Caller Caller);
}
