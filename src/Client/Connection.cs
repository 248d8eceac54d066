using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace AutogradService.Client;

/// <summary>How the client connects.</summary>
internal static class Connection
{
    /// <summary>Opens a channel.</summary>
    /// <exception cref="ArgumentException">The credentials do not suit the address.</exception>
    public static GrpcChannel Open(string address, Credentials credentials, Action<GrpcChannelOptions>? configure)
    {
        credentials.Check(address);
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 8 << 20,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        };
        if (credentials.Certificate is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        if (credentials.Authorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        var options = new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null, HttpHandler = handler, DisposeHttpClient = true };
        configure?.Invoke(options);
        if (credentials.TokenProvider is { } provider) options.HttpHandler = new TokenHandler(options.HttpHandler ?? throw new ArgumentException("a token provider needs the channel to have a handler"), provider);
        return GrpcChannel.ForAddress(address, options);
    }

    /// <summary>Presents a key with every call.</summary>
    public static CallInvoker WithKey(CallInvoker invoker, Credentials credentials) => credentials.Key is not { } key ? invoker : invoker.Intercept(metadata =>
    {
        metadata.Add("authorization", "Bearer " + key);
        return metadata;
    });

    /// <summary>For a channel that is the caller's own, to which certificates and tokens are its business.</summary>
    /// <exception cref="ArgumentException">There is more than a key.</exception>
    public static Credentials ForGivenChannel(Credentials credentials) =>
        credentials is { TokenProvider: null, Certificate: null, Authorities: null } ? credentials : throw new ArgumentException("with a channel of your own, give certificates and token providers to the channel");

    private sealed class TokenHandler(HttpMessageHandler inner, Func<CancellationToken, ValueTask<string>> provider) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await provider(cancellationToken).ConfigureAwait(false));
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
