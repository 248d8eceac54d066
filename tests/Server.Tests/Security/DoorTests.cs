using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AutogradService.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Grpc.Reflection.V1;

namespace AutogradService.Server.Tests.Security;

/// <summary>Every way in without good credentials, for every RPC: none is one.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private static readonly byte[] s_nothing = [];
    private static readonly byte[] s_garbage = [0xff, 0xff, 0xff, 0xff];
    private readonly TestFolder _folder = new();
    private readonly TestTokens _tokens = new();
    private readonly RecordedLog _log = new();
    private RunningServer? _server;

    private RunningServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(null, _log,
    [
        "WebPort=0", .. TestTokens.Settings(_folder.Write("jwt.pem", _tokens.PublicPem)),
        $"Security:Keys:0={TestKeys.Line("alice")}", $"Security:Keys:1={TestKeys.Line("late", rest: "not-after=2020-01-01T00:00:00Z")}", $"Security:Keys:2={TestKeys.Line("root", rest: "role=admin")}",
    ]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _tokens.Dispose();
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task The_descriptors_name_every_service_that_the_server_serves()
    {
        using var call = new ServerReflection.ServerReflectionClient(Server.Channel).ServerReflectionInfo(TestKeys.Header("alice"));
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        var served = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).Where(n => n.StartsWith("autograd.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(EveryCall.Methods.Select(m => m.Service.FullName).Distinct().Order(StringComparer.Ordinal), served);
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task No_rpc_lets_anybody_in_whose_credentials_are_not_good()
    {
        var refused = new List<string>();
        foreach (var (name, headers, reason) in BadCredentials())
        {
            foreach (var method in EveryCall.Methods)
            {
                // The body is not looked at: neither an empty message nor one that is none makes a difference.
                foreach (byte[] body in new[] { s_nothing, s_garbage })
                {
                    var e = await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(Server.Channel.CreateCallInvoker(), method, body, headers));
                    if ((e.StatusCode, e.GetRpcStatus()?.GetDetail<Rpc.ErrorInfo>()?.Reason) != (StatusCode.Unauthenticated, reason)) refused.Add($"{name}, {method.FullName}: {e.Status}");
                    else Refusals.Is(StatusCode.Unauthenticated, reason, e.GetRpcStatus()!);
                }
            }
        }
        Assert.Empty(refused);
        var sessions = await new Wire.SessionService.SessionServiceClient(Server.Channel).ListSessionsAsync(new Wire.ListSessionsRequest { AllPrincipals = true }, TestKeys.Header("root"));
        Assert.Empty(sessions.Sessions);
    }

    [Fact]
    public async Task Nor_does_it_over_grpc_web()
    {
        using var channel = GrpcChannel.ForAddress(Server.Web!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });
        foreach (var (name, headers, reason) in BadCredentials())
        {
            foreach (var method in EveryCall.Methods.Where(m => !m.IsClientStreaming))
            {
                var e = await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(channel.CreateCallInvoker(), method, s_nothing, headers));
                Assert.True(e.StatusCode == StatusCode.Unauthenticated, $"{name}, {method.FullName}: {e.Status}");
                Refusals.Is(StatusCode.Unauthenticated, reason, e.GetRpcStatus()!);
            }
        }
        await new Wire.CatalogService.CatalogServiceClient(channel).GetServerInfoAsync(new Wire.GetServerInfoRequest(), TestKeys.Header("alice"));
    }

    [Fact]
    public async Task A_path_in_other_letters_is_no_way_around()
    {
        foreach (var method in EveryCall.Methods)
        {
            var e = await Assert.ThrowsAsync<RpcException>(() => EveryCall.CallAsync(Server.Channel.CreateCallInvoker(), method, s_nothing, null, method.Service.FullName.ToUpperInvariant()));
            Assert.Contains(e.StatusCode, new[] { StatusCode.Unauthenticated, StatusCode.Unimplemented });
        }
    }

    [Fact]
    public async Task Good_credentials_come_in_and_several_callers_may_share_a_connection()
    {
        var sessions = new Wire.SessionService.SessionServiceClient(Server.Channel);
        for (int i = 0; i < 2; i++)
        {
            foreach (var (owner, headers) in new[] { ("alice", TestKeys.Header("alice")), ("tess", TestTokens.Header(_tokens.Make())), ("root", TestKeys.Header("root")), ("tom", TestTokens.Header(_tokens.Make("tom"))) })
                Assert.Equal(owner, (await sessions.CreateSessionAsync(new Wire.CreateSessionRequest(), headers)).Session.Owner);
        }
        foreach (int count in new[] { 12, 12 })
        {
            // More than a connection remembers.
            for (int i = 0; i < count; i++)
                Assert.Equal($"user{i}", (await sessions.CreateSessionAsync(new Wire.CreateSessionRequest(), TestTokens.Header(_tokens.Make($"user{i}")))).Session.Owner);
        }
    }

    [Fact]
    public async Task A_token_says_who_is_an_admin()
    {
        var sessions = new Wire.SessionService.SessionServiceClient(Server.Channel);
        var everybody = new Wire.ListSessionsRequest { AllPrincipals = true };
        foreach (object roles in new object[] { "admin", new[] { "reader", "admin" } }) await sessions.ListSessionsAsync(everybody, TestTokens.Header(_tokens.Make("ann", roles: roles)));
        foreach (object? roles in new object?[] { null, "reader", "Admin", "admin reader" })
            await Refusals.OfAsync(StatusCode.PermissionDenied, "ADMIN_REQUIRED", () => sessions.ListSessionsAsync(everybody, TestTokens.Header(_tokens.Make("ann", roles: roles))).ResponseAsync);
    }

    [Fact]
    public async Task Health_is_open_and_reflection_is_not()
    {
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(Server.Channel).CheckAsync(new HealthCheckRequest())).Status);
        using var http = new HttpClient { BaseAddress = Server.Http };
        foreach (string path in new[] { "/healthz", "/readyz" }) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => ReflectAsync(Server));
        foreach (string path in new[] { "/metrics", "/METRICS", "/metrics/" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path)).StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", TestKeys.Of("alice")) } };
            Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
        }
        await using var open = await RunningServer.StartAsync(null, [.. TestKeys.Settings("alice"), "Security:OpenReflection=true", "Security:OpenMetrics=true"]);
        await ReflectAsync(open);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(open.Http, "/metrics"))).StatusCode);
    }

    [Fact]
    public async Task Refusals_are_audited_with_peer_method_and_reason_and_without_the_secret_and_a_flood_is_bounded()
    {
        string unknown = TestKeys.Of("mallory");
        for (int i = 0; i < 50; i++)
            await Assert.ThrowsAsync<RpcException>(() => TestSession.CreateAsync(Server.Channel, new Metadata { { "authorization", "Bearer " + unknown } }));
        var lines = _log.Lines.Where(l => l.StartsWith("Sign-in refused", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, lines.Count);
        Assert.All(lines, l => Assert.Equal("Sign-in refused: peer 127.0.0.1, method /autograd.v1.SessionService/CreateSession, an unknown key", l));
        Assert.DoesNotContain(_log.Lines, l => l.Contains(unknown, StringComparison.Ordinal));
        var s = await TestSession.CreateAsync(Server.Channel, TestKeys.Header("alice"));
        await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id }, TestKeys.Header("root"));
        Assert.Contains(_log.Lines, l => l.StartsWith("Session ", StringComparison.Ordinal) && l.EndsWith(" created by alice", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, l => l == "Admin root: DeleteSession of alice");
        Assert.Contains(_log.Lines, l => l.EndsWith(" of alice deleted by root", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, l => l.Contains(s.Id, StringComparison.Ordinal));
    }

    private static async Task ReflectAsync(RunningServer server)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        try
        {
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        }
        catch (RpcException)
        {
            // Refused already; the reading side has the status.
        }
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.CompleteAsync();
    }

    private IEnumerable<(string Name, Metadata? Headers, string Reason)> BadCredentials()
    {
        const string required = "CREDENTIALS_REQUIRED";
        using var other = new TestTokens();
        byte[] publicKey = Encoding.ASCII.GetBytes(_tokens.PublicPem);
        string good = _tokens.Make();
        yield return ("none", null, required);
        foreach (string header in new[] { "", "Bearer", "Bearer ", "Bearer  " + TestKeys.Of("alice"), "Basic " + TestKeys.Of("alice"), TestKeys.Of("alice"), "Bearer " + new string('x', 20_000) })
            yield return ($"header {header[..Math.Min(20, header.Length)]}", new Metadata { { "authorization", header } }, required);
        yield return ("two headers", new Metadata { { "authorization", "Bearer " + TestKeys.Of("mallory") }, { "authorization", "Bearer " + TestKeys.Of("alice") } }, required);
        yield return ("an unknown key", TestKeys.Header("mallory"), required);
        yield return ("a hash as a key", new Metadata { { "authorization", "Bearer " + TestKeys.Line("alice").Split(' ')[1] } }, required);
        yield return ("an expired key", TestKeys.Header("late"), "CREDENTIALS_EXPIRED");
        yield return ("an expired token", TestTokens.Header(_tokens.Make(life: TimeSpan.FromMinutes(-5))), "CREDENTIALS_EXPIRED");
        yield return ("a token that never expires", TestTokens.Header(_tokens.Make(life: TimeSpan.Zero)), required);
        yield return ("a token of the future", TestTokens.Header(_tokens.Make(from: TimeSpan.FromMinutes(5))), required);
        yield return ("another audience", TestTokens.Header(_tokens.Make(audience: "billing")), required);
        yield return ("another issuer", TestTokens.Header(_tokens.Make(issuer: "https://evil.example.org/")), required);
        yield return ("alg none", TestTokens.Header(_tokens.Make(algorithm: "none", sign: static _ => [])), required);
        yield return ("no signature", TestTokens.Header(good[..(good.LastIndexOf('.') + 1)]), required);
        yield return ("HS256 with the public key", TestTokens.Header(_tokens.Make(algorithm: "HS256", sign: bytes => HMACSHA256.HashData(publicKey, bytes))), required);
        yield return ("another's key", TestTokens.Header(other.Make()), required);
        yield return ("a changed signature", TestTokens.Header(good[..^4] + (good[^4] == 'A' ? "BBBB" : "AAAA")), required);
        yield return ("no subject", TestTokens.Header(_tokens.Make(subject: "")), required);
        yield return ("the server's own name", TestTokens.Header(_tokens.Make(subject: "autograd-server")), required);
    }
}
