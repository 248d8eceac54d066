using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AutogradService.Server.Hosting;
using AutogradService.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;

namespace AutogradService.Server.Tests.Security;

/// <summary>TLS of the server's and of the clients', with certificates that the test makes.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Often = "Security:ReloadSeconds=0.05";
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly RecordedLog _log = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Every_port_speaks_tls_and_none_of_them_cleartext()
    {
        await using var server = await RunningServer.StartAsync(null, [.. Certificate(), "WebPort=0", "Security:Tls:HttpPort=true"]);
        Assert.All(new[] { server.Grpc, server.Http, server.Web! }, address => Assert.Equal("https", address.Scheme));
        using var channel = Connect(server);
        Assert.Equal(32, (await TestSession.CreateAsync(channel)).Id.Length);
        using var web = GrpcChannel.ForAddress(server.Web!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, Handler()), HttpVersion = HttpVersion.Version11 });
        Assert.Equal(32, (await TestSession.CreateAsync(web)).Id.Length);
        using var http = new HttpClient(Handler());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(server.Http, "/healthz"))).StatusCode);

        using var plain = GrpcChannel.ForAddress(new UriBuilder(server.Grpc) { Scheme = "http" }.Uri);
        using var plainWeb = GrpcChannel.ForAddress(new UriBuilder(server.Web!) { Scheme = "http" }.Uri, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });
        foreach (var method in EveryCall.Methods)
        {
            await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(plain.CreateCallInvoker(), method, [], null));
            if (!method.IsClientStreaming) await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(plainWeb.CreateCallInvoker(), method, [], null));
        }
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new UriBuilder(server.Http) { Scheme = "http", Path = "/healthz" }.Uri));
    }

    [Fact]
    public async Task A_new_certificate_is_taken_up_and_a_broken_one_is_not()
    {
        await using var server = await RunningServer.StartAsync(null, _log, [.. Certificate(), Often]);
        using var before = Connect(server);
        await TestSession.CreateAsync(before);
        using var next = _authority.IssueServer("the next one");
        Assert.NotEqual(next.Subject, await ShownAsync(server));
        Write(next);
        await TransferTests.EventuallyAsync(async () => await ShownAsync(server) == next.Subject);
        await TestSession.CreateAsync(before);

        _folder.Write("server.key", "no key at all");
        await TransferTests.EventuallyAsync(() => Task.FromResult(_log.Lines.Any(l => l.StartsWith("Not read again, what was there before stays in force: the server's certificate", StringComparison.Ordinal))));
        using var other = _authority.IssueServer("not its key");
        _folder.Write("server.pem", other.ExportCertificatePem());
        await TransferTests.EventuallyAsync(() => Task.FromResult(_log.Lines.Any(l => l.StartsWith("Not read again", StringComparison.Ordinal))));
        Assert.Equal(next.Subject, await ShownAsync(server));
        Write(other);
        await TransferTests.EventuallyAsync(async () => await ShownAsync(server) == other.Subject);
    }

    [Fact]
    public async Task Intermediates_pkcs12_and_encrypted_keys_are_read()
    {
        using var intermediate = _authority.IssueAuthority("an intermediate");
        using var own = intermediate.IssueServer();
        byte[] pfx = new X509Certificate2Collection { own, intermediate.Certificate }.Export(X509ContentType.Pkcs12, "secret")!;
        using var key = own.GetECDsaPrivateKey()!;
        string encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        string pem = own.ExportCertificatePem() + "\n" + intermediate.Pem + "\n";
        foreach (string[] settings in new string[][]
        {
            [$"Security:Tls:CertificateFile={_folder.Write("a.pfx", pfx)}", "Security:Tls:Password=secret"],
            [$"Security:Tls:CertificateFile={_folder.Write("b.pem", pem)}", $"Security:Tls:KeyFile={_folder.Write("b.key", encrypted)}", "Security:Tls:Password=secret"],
            [$"Security:Tls:CertificateFile={_folder.Write("c.pem", pem + key.ExportPkcs8PrivateKeyPem())}"],
        })
        {
            await using var server = await RunningServer.StartAsync(null, settings);
            // The client knows the root alone, so the server has to show the intermediate.
            using var channel = Connect(server);
            await TestSession.CreateAsync(channel);
        }
    }

    [Fact]
    public async Task Where_client_certificates_are_required_no_rpc_lets_anybody_in_without_a_good_one()
    {
        using var elsewhere = new TestAuthority("another authority");
        using var sameName = new TestAuthority();
        using var lesser = elsewhere.IssueAuthority("below another authority");
        using var good = _authority.IssueClient("carol");
        using X509Certificate2 stranger = elsewhere.IssueClient("carol"), impostor = sameName.IssueClient("carol"), below = lesser.IssueClient("carol"), old = _authority.IssueClient("carol", DateTimeOffset.UtcNow.AddHours(-1)),
            self = TestAuthority.SelfSigned("carol"), forServers = _authority.IssueClient("carol", forServers: true), denied = _authority.IssueClient("dave"), nameless = _authority.IssueClient("anonymous");
        string deny = _folder.Write("denied", "# dave left\n" + denied.GetCertHashString(HashAlgorithmName.SHA256));
        await using var server = await RunningServer.StartAsync(null, _log, [.. Certificate(), .. Clients("Required"), $"Security:ClientCertificates:DeniedFile={deny}", TestKeys.Settings("alice")[0], "WebPort=0", "Security:Admins:0=carol"]);
        foreach (var (name, certificate) in new (string, X509Certificate2?)[]
        {
            ("none", null), ("of another authority", stranger), ("of an authority of the same name", impostor), ("of one below another", below), ("expired", old), ("self-signed", self),
            ("for servers", forServers), ("denied", denied), ("of a name nobody may have", nameless),
        })
        {
            using var channel = Connect(server, certificate);
            using var web = GrpcChannel.ForAddress(server.Web!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, Handler(certificate)), HttpVersion = HttpVersion.Version11 });
            foreach (var method in EveryCall.Methods)
            {
                // A good key is not enough either.
                var e = await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(channel.CreateCallInvoker(), method, [], TestKeys.Header("alice")));
                Assert.True(e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && e.GetRpcStatus() is null, $"{name}: {method.Name} {e.Status}");
            }
            await Assert.ThrowsAsync<RpcException>(() => TestSession.CreateAsync(web));
        }
        using var own = Connect(server, good);
        var s = await TestSession.CreateAsync(own);
        Assert.Equal("carol", Assert.Single((await s.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest { AllPrincipals = true })).Sessions).Owner);
        Assert.Contains(_log.Lines, l => l.StartsWith("Sign-in refused: peer 127.0.0.1, method TLS handshake, client certificate: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CommonName", "carol")]
    [InlineData("Dns", "carol.example.org")]
    [InlineData("Uri", "spiffe://example.org/carol")]
    [InlineData("Email", "carol@example.org")]
    public async Task The_principal_is_the_name_that_is_configured(string from, string principal)
    {
        await using var server = await RunningServer.StartAsync(null, [.. Certificate(), .. Clients("Required"), $"Security:ClientCertificates:PrincipalFrom={from}"]);
        using var certificate = _authority.IssueClient("carol");
        using var channel = Connect(server, certificate);
        var created = await new Wire.SessionService.SessionServiceClient(channel).CreateSessionAsync(new Wire.CreateSessionRequest());
        Assert.Equal(principal, created.Session.Owner);
    }

    [Fact]
    public async Task Where_they_are_allowed_a_key_does_instead_a_header_decides_and_a_denied_one_is_cut_off()
    {
        string deny = _folder.Write("denied", "");
        await using var server = await RunningServer.StartAsync(null, [.. Certificate(), .. Clients("Allowed"), Often, $"Security:ClientCertificates:DeniedFile={deny}", TestKeys.Settings("alice")[0]]);
        using var certificate = _authority.IssueClient("carol");
        using var channel = Connect(server, certificate);
        using var without = Connect(server);
        async Task<string> OwnerAsync(GrpcChannel to, Metadata? headers) => (await new Wire.SessionService.SessionServiceClient(to).CreateSessionAsync(new Wire.CreateSessionRequest(), headers)).Session.Owner;
        Assert.Equal("carol", await OwnerAsync(channel, null));
        Assert.Equal("alice", await OwnerAsync(channel, TestKeys.Header("alice")));
        Assert.Equal("alice", await OwnerAsync(without, TestKeys.Header("alice")));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => OwnerAsync(without, null));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => OwnerAsync(channel, TestKeys.Header("mallory")));

        var stream = EveryCall.OpenAsync(channel.CreateCallInvoker(), EveryCall.Methods.Single(m => m.Name == "Execute"), null);
        await OwnerAsync(channel, null);
        _folder.Write("denied", string.Join(':', certificate.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(pair => new string(pair))));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => stream.WaitAsync(TimeSpan.FromSeconds(30)));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => OwnerAsync(channel, null));
    }

    [Fact]
    public async Task The_command_makes_a_key_that_a_server_takes_and_the_server_warms_up_over_tls()
    {
        using var making = Start("new-key", "alice", "--role", "admin", "--not-after", "2100-01-01T00:00:00Z");
        string line = (await making.StandardOutput.ReadToEndAsync()).Trim(), notes = await making.StandardError.ReadToEndAsync();
        await making.WaitForExitAsync();
        Assert.Equal(0, making.ExitCode);
        string key = Assert.Single(notes.Split('\n'), l => l.StartsWith("ag_", StringComparison.Ordinal)).Trim();
        Assert.Matches("^alice sha256:[0-9a-f]{64} role=admin not-after=2100-01-01T00:00:00Z$", line);
        Assert.DoesNotContain(key, line, StringComparison.Ordinal);

        using var serving = Start([.. ((string[])["GrpcPort=0", "HttpPort=0", $"Security:KeysFile={_folder.Write("keys", line)}", .. Certificate()]).Select(s => "--Autograd:" + s), "--Logging:LogLevel:AutogradService.Server.Hosting.WarmUp=Debug"]);
        try
        {
            Assert.Contains("Warmed up in", await serving.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            string listening = (await serving.StandardOutput.ReadLineAsync())!;
            using var channel = GrpcChannel.ForAddress(listening[listening.IndexOf("https://", StringComparison.Ordinal)..].Trim(), new GrpcChannelOptions { HttpHandler = Handler() });
            var sessions = await new Wire.SessionService.SessionServiceClient(channel).ListSessionsAsync(new Wire.ListSessionsRequest { AllPrincipals = true }, new Metadata { { "authorization", "Bearer " + key } });
            Assert.Empty(sessions.Sessions);
        }
        finally
        {
            serving.Kill();
        }

        foreach (string[] wrong in new string[][] { ["new-key"], ["new-key", "alice", "--role"], ["new-key", "alice", "--role", "god"], ["new-key", "two words"], ["new-key", "anonymous"] })
        {
            using var refusing = Start(wrong);
            await refusing.WaitForExitAsync();
            Assert.Equal(2, refusing.ExitCode);
        }
    }

    private static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(ServerHost).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() })!;

    private string[] Certificate()
    {
        using var own = _authority.IssueServer();
        Write(own);
        return [$"Security:Tls:CertificateFile={_folder.PathOf("server.pem")}", $"Security:Tls:KeyFile={_folder.PathOf("server.key")}"];
    }

    private void Write(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        _folder.Write("server.key", key.ExportPkcs8PrivateKeyPem());
        _folder.Write("server.pem", certificate.ExportCertificatePem());
    }

    private string[] Clients(string mode) => [$"Security:ClientCertificates:Mode={mode}", $"Security:ClientCertificates:CaFile={_folder.Write("clients.pem", _authority.Pem)}"];

    private SocketsHttpHandler Handler(X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Certificate }, RevocationMode = X509RevocationMode.NoCheck };
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }

    private GrpcChannel Connect(RunningServer server, X509Certificate2? certificate = null) => GrpcChannel.ForAddress(server.Grpc, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });

    // The subject of what the server shows a new connection.
    private async Task<string> ShownAsync(RunningServer server)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.Grpc.Port);
        await using var tls = new SslStream(tcp.GetStream());
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Certificate }, RevocationMode = X509RevocationMode.NoCheck };
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2], CertificateChainPolicy = trust });
        return tls.RemoteCertificate!.Subject;
    }
}
