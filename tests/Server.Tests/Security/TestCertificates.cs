using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AutogradService.Server.Tests.Security;

/// <summary>An authority that a test makes, and what it issues.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _own;

    private TestAuthority(X509Certificate2 own) => _own = own;

    public TestAuthority(string name = "a test's authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = ForAuthority(name, key);
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>Its own certificate, as a file of authorities holds it.</summary>
    public string Pem => _own.ExportCertificatePem();

    public X509Certificate2 Certificate => _own;

    /// <summary>A certificate for a server on loopback.</summary>
    public X509Certificate2 IssueServer(string name = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(name, key, ServerAuthentication, DateTimeOffset.UtcNow.AddDays(20), names =>
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
        });
    }

    /// <summary>A certificate for a client.</summary>
    public X509Certificate2 IssueClient(string name, DateTimeOffset? notAfter = null, bool forServers = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(name, key, forServers ? ServerAuthentication : ClientAuthentication, notAfter ?? DateTimeOffset.UtcNow.AddDays(20), names =>
        {
            names.AddDnsName(name + ".example.org");
            names.AddUri(new Uri("spiffe://example.org/" + name));
            names.AddEmailAddress(name + "@example.org");
        });
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority IssueAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = ForAuthority(name, key).Create(_own, DateTimeOffset.UtcNow.AddDays(-1.75), DateTimeOffset.UtcNow.AddDays(25), RandomNumberGenerator.GetBytes(8));
        return new TestAuthority(issued.CopyWithPrivateKey(key));
    }

    /// <summary>A client's certificate that nobody but itself vouches for.</summary>
    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose() => _own.Dispose();

    private X509Certificate2 Issue(string name, ECDsa key, string usage, DateTimeOffset notAfter, Action<SubjectAlternativeNameBuilder> addNames)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_own, DateTimeOffset.UtcNow.AddDays(-1.5), notAfter, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private static CertificateRequest ForAuthority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request;
    }
}
