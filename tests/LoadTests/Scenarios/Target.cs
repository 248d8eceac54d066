using AutogradService.Client;
using Grpc.Net.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>The server under load, over as many channels as were asked for.</summary>
internal sealed class Target : IAsyncDisposable
{
    private const int StreamWindowBytes = 8 << 20;
    private readonly GrpcChannel[] _channels;
    private readonly string? _key;

    /// <summary>Connects when the first call is made.</summary>
    public Target(Uri address, string? key, int connections)
    {
        Address = address;
        _key = key;
        _channels = [.. Enumerable.Range(0, connections).Select(_ => Open(address))];
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A session over the channel of a lane. Operators do not look for their source line: that would be the client's cost.</summary>
    public Task<AutogradSession> OpenSessionAsync(int lane, CallMode mode, CancellationToken cancellation) =>
        AutogradSession.ConnectAsync(Channel(lane), new SessionOptions { Mode = mode, Key = _key, OperatorSource = OperatorSource.Off, DisplayName = "load test" }, cancellation);

    /// <summary>A pipelined session over the channel of a lane.</summary>
    public Task<AutogradSession> OpenSessionAsync(int lane, CancellationToken cancellation) => OpenSessionAsync(lane, CallMode.Pipelined, cancellation);

    /// <summary>A client without a session over the channel of a lane.</summary>
    public Task<AutogradClient> OpenClientAsync(int lane, CancellationToken cancellation) => AutogradClient.ConnectAsync(Channel(lane), new ClientOptions { Key = _key }, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private GrpcChannel Channel(int lane) => _channels[lane % _channels.Length];

    private static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, InitialHttp2StreamWindowSize = StreamWindowBytes, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan },
        DisposeHttpClient = true,
    });
}
