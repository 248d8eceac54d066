using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>The server's own certificate: read again when its files change, for new connections. One that is no good leaves the old one in force.</summary>
internal sealed class ServerCertificate
{
    private readonly TlsOptions _options;
    private volatile SslStreamCertificateContext? _context;

    public ServerCertificate(IOptions<ServerOptions> options, WatchedFiles files)
    {
        _options = options.Value.Security.Tls;
        if (!_options.IsOn) return;
        string[] paths = _options.KeyFile.Length > 0 ? [_options.CertificateFile, _options.KeyFile] : [_options.CertificateFile];
        files.Add("the server's certificate", paths, Read);
    }

    /// <summary>The certificate with its intermediates, as handshakes take it.</summary>
    public SslStreamCertificateContext Context => _context!;

    private string Read(IReadOnlyList<byte[]> contents)
    {
        var certificates = Path.GetExtension(_options.CertificateFile).ToUpperInvariant() is ".PFX" or ".P12"
            ? X509CertificateLoader.LoadPkcs12Collection(contents[0], _options.Password)
            : FromPem(Encoding.UTF8.GetString(contents[0]), Encoding.UTF8.GetString(contents[^1]));
        var own = certificates.FirstOrDefault(static c => c.HasPrivateKey) ?? throw new FormatException("there is no certificate with a private key");
        certificates.Remove(own);
        // Offline: intermediates come from the file, never by a fetch in the middle of a handshake.
        _context = SslStreamCertificateContext.Create(own, certificates, offline: true);
        return $"{own.Subject}, good until {own.NotAfter.ToUniversalTime():u}";
    }

    private X509Certificate2Collection FromPem(string certificatePem, string keyPem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatePem);
        var own = _options.Password.Length > 0 ? X509Certificate2.CreateFromEncryptedPem(certificatePem, keyPem, _options.Password) : X509Certificate2.CreateFromPem(certificatePem, keyPem);
        // Windows' TLS takes no key that lives in memory alone.
        if (OperatingSystem.IsWindows()) own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        return [own, .. all.Skip(1)];
    }
}
