using AutogradService.Testing;

namespace AutogradService.Client.Tests;

/// <summary>One real server with default limits, shared by the tests of a class.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private RunningServer? _server;

    public string Address => _server!.Grpc.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public Task<AutogradSession> ConnectAsync(SessionOptions? options = null) => AutogradSession.ConnectAsync(Address, options, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
