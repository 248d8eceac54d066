using AutogradService.Testing;

namespace AutogradService.Server.Tests;

/// <summary>One server with small limits, shared by the tests of a class; each test makes its own session.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const int BytesMax = 8 << 20;
    public const int TensorsMax = 64;
    public const int NodesMax = 64;
    public const int HooksMax = 2;
    public const int MessageBytesMax = 1 << 20;
    public const int ChunkBytesMax = 64 << 10;
    public const int BatchCommandsMax = 1000;
    public const int ListLengthMax = 100;

    private RunningServer? _server;

    internal RunningServer Server => _server!;

    internal Task<TestSession> SessionAsync() => TestSession.CreateAsync(Server.Channel);

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(null,
        $"Limits:BytesMax={BytesMax}", $"Limits:TensorsMax={TensorsMax}", $"Limits:NodesMax={NodesMax}", $"Limits:HooksMax={HooksMax}",
        $"Limits:MessageBytesMax={MessageBytesMax}", $"Limits:ChunkBytesMax={ChunkBytesMax}", $"Limits:ChunkBytes={ChunkBytesMax}",
        $"Limits:BatchCommandsMax={BatchCommandsMax}", $"Limits:ListLengthMax={ListLengthMax}", "Limits:KeptResultsMax=8", "Limits:StringLengthMax=64");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
