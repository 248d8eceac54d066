using AutogradService.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AutogradService.Server.Tests.Security;

/// <summary>Tokens of an OpenID Connect provider that the server asks for its keys.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private readonly TestTokens _tokens = new();
    private readonly WebApplication _provider;
    private int _asked;
    private bool _isAway;

    public OpenIdTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapGet("/.well-known/openid-configuration", () => Answer($$"""{ "issuer": "{{Authority}}", "jwks_uri": "{{Authority}}/keys" }"""));
        _provider.MapGet("/keys", () => Answer(_tokens.PublicJwks));
    }

    private string Authority => _provider.Urls.First();

    public async ValueTask InitializeAsync() => await _provider.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _tokens.Dispose();
    }

    [Fact]
    public async Task The_provider_says_whose_tokens_are_good()
    {
        await using var server = await StartAsync();
        var s = await TestSession.CreateAsync(server.Channel, TestTokens.Header(_tokens.Make(issuer: Authority)));
        Assert.NotEmpty(s.Id);
        Assert.Equal(2, _asked);
        using var stranger = new TestTokens();
        foreach (string token in new[] { _tokens.Make(), stranger.Make(issuer: Authority), _tokens.Make(issuer: Authority, audience: "another") })
            await RefusedAsync(server, token);
        await RefusedAsync(server, _tokens.Make(issuer: Authority, life: TimeSpan.FromHours(-1), from: TimeSpan.FromHours(-2)), "CREDENTIALS_EXPIRED");
        Assert.NotEmpty((await TestSession.CreateAsync(server.Channel, TestTokens.Header(_tokens.Make("another", Authority)))).Id);
    }

    [Fact]
    public async Task Nobody_comes_in_while_the_provider_is_away()
    {
        _isAway = true;
        await using var server = await StartAsync();
        await RefusedAsync(server, _tokens.Make(issuer: Authority));
        Assert.NotEqual(0, _asked);
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(null, $"Security:Jwt:Authority={Authority}", $"Security:Jwt:Audiences:0={TestTokens.Audience}");

    private static Task<Rpc.Status> RefusedAsync(RunningServer server, string token, string reason = "CREDENTIALS_REQUIRED") =>
        Refusals.OfAsync(StatusCode.Unauthenticated, reason, () => TestSession.CreateAsync(server.Channel, TestTokens.Header(token)));

    private IResult Answer(string json)
    {
        Interlocked.Increment(ref _asked);
        return _isAway ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Text(json, "application/json");
    }
}
