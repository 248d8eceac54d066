using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace AutogradService.Client;

/// <summary>How the client connects.</summary>
internal static class Connection
{
    /// <summary>Opens a channel.</summary>
    public static GrpcChannel Open(string address, Action<GrpcChannelOptions>? configure)
    {
        var options = new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                InitialHttp2StreamWindowSize = 8 << 20,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            },
            DisposeHttpClient = true,
        };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(address, options);
    }

    /// <summary>Presents a key with every call.</summary>
    public static CallInvoker WithKey(CallInvoker invoker, string? key) => key is null ? invoker : invoker.Intercept(metadata =>
    {
        metadata.Add("authorization", "Bearer " + key);
        return metadata;
    });
}
