using System.Security.Cryptography.X509Certificates;

namespace AutogradService.Client;

/// <summary>Who the client is, and how it makes sure of the server.</summary>
public sealed record Credentials
{
    /// <summary>API key or token to present as <c>authorization: Bearer</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Instead of <see cref="Key"/>: asked before each call for the token to present. It should keep tokens until they are about to expire.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>The client's own certificate, with its private key, where the server asks for one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Authorities whose server certificates are trusted, and no others. Null: the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Lets a key or token go over a connection without TLS to another machine, where everybody on the way can read it.</summary>
    public bool AllowCleartext { get; init; }

    internal void Check(string address)
    {
        if (Key is not null && TokenProvider is not null) throw new ArgumentException("credentials have a key or a token provider, not both");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme == Uri.UriSchemeHttps) return;
        if (Certificate is not null || Authorities is not null) throw new ArgumentException($"certificates need TLS: https instead of {uri.Scheme}");
        if ((Key is not null || TokenProvider is not null) && !uri.IsLoopback && !AllowCleartext)
            throw new ArgumentException($"a key would go to {uri.Host} in cleartext: use https, or set {nameof(AllowCleartext)}");
    }
}
