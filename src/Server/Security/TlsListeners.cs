using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AutogradService.Server.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>Gives listeners TLS, where it is configured, and their connections a place to remember credentials.</summary>
internal sealed class TlsListeners(IOptions<ServerOptions> options, ServerCertificate certificate, ClientCertificates clients, AuditLog audit)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;
    private static readonly TimeSpan s_handshakeMax = TimeSpan.FromSeconds(10);
    private readonly TlsOptions _tls = options.Value.Security.Tls;

    /// <summary>Secures the port of gRPC or gRPC-web.</summary>
    public void Secure(ListenOptions listen)
    {
        if (!options.Value.Security.AsksForCredentials && !_tls.IsOn) return;
        listen.Use(static next => connection =>
        {
            connection.Features.Set(new ConnectionCredentials());
            return next(connection);
        });
        if (_tls.IsOn) UseTls(listen, clients.Mode);
    }

    /// <summary>Secures the port of probes and metrics, if it is to be; it takes no client certificates, as probes have none.</summary>
    public void SecureHttp(ListenOptions listen)
    {
        if (_tls.HttpPort) UseTls(listen, ClientCertificateMode.None);
    }

    private void UseTls(ListenOptions listen, ClientCertificateMode mode)
    {
        List<SslApplicationProtocol> spoken = listen.Protocols == HttpProtocols.Http2 ? [SslApplicationProtocol.Http2] : [SslApplicationProtocol.Http11];
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = s_handshakeMax,
            OnConnection = handshake => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                EnabledSslProtocols = Protocols,
                ApplicationProtocols = spoken,
                ClientCertificateRequired = mode != ClientCertificateMode.None,
                // A resumed connection would skip the look at the client's certificate.
                AllowTlsResume = mode == ClientCertificateMode.None,
                CertificateChainPolicy = mode == ClientCertificateMode.None ? null : NothingFetched(),
                RemoteCertificateValidationCallback = mode == ClientCertificateMode.None ? null : (_, shown, chain, _) => IsGood(handshake.Connection, mode, shown as X509Certificate2, chain),
            }),
        });
    }

    // The runtime builds a chain before it asks us; it must neither trust the system's roots nor fetch anything.
    private static X509ChainPolicy NothingFetched() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private bool IsGood(ConnectionContext connection, ClientCertificateMode mode, X509Certificate2? shown, X509Chain? chain)
    {
        string? fault;
        if (shown is null)
        {
            if (mode == ClientCertificateMode.Allowed) return true;
            fault = "there is none";
        }
        else
        {
            var intermediates = new X509Certificate2Collection();
            // Copies, because these go with the handshake.
            foreach (var sent in chain?.ChainPolicy.ExtraStore ?? []) intermediates.Add(X509CertificateLoader.LoadCertificate(sent.RawData));
            fault = clients.FaultOf(shown, intermediates);
            if (fault is null && connection.Features.Get<ConnectionCredentials>() is { } credentials) credentials.Intermediates = intermediates;
        }
        if (fault is null) return true;
        audit.SignInRefused(AuditLog.PeerOf(connection.RemoteEndPoint), "TLS handshake", "client certificate: " + fault);
        return false;
    }
}
