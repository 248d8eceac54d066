using System.Diagnostics.CodeAnalysis;

namespace AutogradService.Server.Security;

/// <summary>A key that the server makes for itself and lets nobody see: its own first calls come in like anybody's (<see cref="Hosting.WarmUp"/>). Good until it is taken back.</summary>
internal sealed class OwnKey
{
    /// <summary>The name that the server calls itself by.</summary>
    public const string Principal = "autograd-server";

    private volatile Issued? _issued;

    /// <summary>A fresh key, in place of any before.</summary>
    public string Issue()
    {
        string key = ApiKey.Create();
        _issued = new Issued(KeyHash.Of(key));
        return key;
    }

    /// <summary>No key is good any more.</summary>
    public void TakeBack() => _issued = null;

    /// <summary>Whether this is the key.</summary>
    public bool Is(in KeyHash hash, [NotNullWhen(true)] out Caller? caller)
    {
        var issued = _issued;
        caller = issued is not null && issued.Hash.Equals(hash) ? new Caller(Principal, false, DateTimeOffset.MaxValue, () => ReferenceEquals(_issued, issued)) : null;
        return caller is not null;
    }

    private sealed record Issued(KeyHash Hash);
}
