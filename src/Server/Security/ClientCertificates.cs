using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>Which client certificates are good: issued by a configured authority, and by no other, for clients, within their time, and not denied.</summary>
internal sealed class ClientCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CommonName = "2.5.4.3";
    private const int CertificatesMax = 1000;
    private readonly ClientCertificateOptions _options;
    private volatile X509Certificate2Collection _authorities = [];
    private volatile FrozenSet<string> _denied = FrozenSet<string>.Empty;

    public ClientCertificates(IOptions<ServerOptions> options, WatchedFiles files)
    {
        _options = options.Value.Security.ClientCertificates;
        if (Mode == ClientCertificateMode.None) return;
        files.Add("the file of client certificate authorities", [_options.CaFile], contents => ReadAuthorities(contents[0]));
        if (_options.DeniedFile.Length > 0) files.Add("the file of denied client certificates", [_options.DeniedFile], contents => ReadDenied(contents[0]));
    }

    /// <summary>Whether clients show certificates.</summary>
    public ClientCertificateMode Mode => _options.Mode;

    /// <summary>What is wrong with a certificate; null: nothing.</summary>
    /// <param name="certificate">The client's.</param>
    /// <param name="intermediates">What it showed beside it.</param>
    public string? FaultOf(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        // Self-signed ones are the roots; others in the file help to get there.
        foreach (var authority in _authorities)
            (authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData) ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        policy.ExtraStore.AddRange(intermediates);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (!chain.Build(certificate)) return string.Join(", ", chain.ChainStatus.Select(static status => status.Status.ToString()).Distinct());
        foreach (var element in chain.ChainElements)
            if (_denied.Contains(element.Certificate.GetCertHashString(HashAlgorithmName.SHA256))) return "it is denied";
        return NameIn(certificate) is { } name && Caller.IsName(name) ? null : $"it has no fit {_options.PrincipalFrom} to name a principal by";
    }

    /// <summary>Whose a good certificate is.</summary>
    public Caller CallerOf(X509Certificate2 certificate, X509Certificate2Collection intermediates, IReadOnlyCollection<string> admins)
    {
        string name = NameIn(certificate)!;
        return new Caller(name, admins.Contains(name), certificate.NotAfter.ToUniversalTime(), () => FaultOf(certificate, intermediates) is null);
    }

    private string? NameIn(X509Certificate2 certificate) => _options.PrincipalFrom switch
    {
        CertificateName.CommonName => certificate.SubjectName.EnumerateRelativeDistinguishedNames().FirstOrDefault(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)?.GetSingleElementValue(),
        CertificateName.Dns => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault()?.EnumerateDnsNames().FirstOrDefault(),
        CertificateName.Uri => certificate.GetNameInfo(X509NameType.UrlName, forIssuer: false),
        _ => certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false),
    };

    private string ReadAuthorities(byte[] content)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Encoding.UTF8.GetString(content));
        if (authorities.Count is 0 or > CertificatesMax) throw new FormatException($"{authorities.Count} certificates where 1 to {CertificatesMax} should be");
        _authorities = authorities;
        return $"{authorities.Count} certificates";
    }

    private string ReadDenied(byte[] content)
    {
        var denied = new HashSet<string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            number++;
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#') continue;
            string fingerprint = trimmed.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
            if (fingerprint.Length != 2 * SHA256.HashSizeInBytes || !fingerprint.All(char.IsAsciiHexDigit)) throw new FormatException($"line {number} is no SHA-256 fingerprint");
            denied.Add(fingerprint);
        }
        _denied = denied.ToFrozenSet(StringComparer.Ordinal);
        return $"{denied.Count} fingerprints";
    }
}
