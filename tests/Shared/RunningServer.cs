using AutogradService.Server.Hosting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AutogradService.Testing;

/// <summary>The real server on free loopback ports within this process, and a channel to it.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app)
    {
        _app = app;
        var listeners = app.Services.GetRequiredService<Listeners>();
        Grpc = new Uri(listeners.GrpcAddress);
        Http = new Uri(listeners.HttpAddress);
        Web = listeners.WebAddress is { } web ? new Uri(web) : null;
        Channel = Connect();
    }

    /// <summary>The address for gRPC.</summary>
    public Uri Grpc { get; }

    /// <summary>The address for probes.</summary>
    public Uri Http { get; }

    /// <summary>The address for gRPC-web; null unless "WebPort=0" was set.</summary>
    public Uri? Web { get; }

    /// <summary>A channel to the server.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="time">The clock that sessions expire by; null for the real one.</param>
    /// <param name="settings">Settings within the section "Autograd": "Limits:SessionsMax=3".</param>
    public static Task<RunningServer> StartAsync(TimeProvider? time = null, params string[] settings) => StartAsync(time, null, settings);

    /// <summary>Starts a server whose log a test looks into.</summary>
    /// <param name="time">The clock that sessions expire by; null for the real one.</param>
    /// <param name="log">Takes what it logs.</param>
    /// <param name="settings">As before.</param>
    public static async Task<RunningServer> StartAsync(TimeProvider? time, ILoggerProvider? log, params string[] settings)
    {
        string[] args = ["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", .. settings.Select(s => "--Autograd:" + s)];
        var app = ServerHost.Build(args, time, builder =>
        {
            builder.Logging.ClearProviders();
            if (log is not null) builder.Logging.AddProvider(log);
        });
        await app.StartAsync();
        return new RunningServer(app);
    }

    /// <summary>A further channel, with a connection of its own and no limits of the client's.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(Grpc, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    /// <summary>Stops as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
