using AutogradService.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AutogradService.Examples;

/// <summary>The server that an example talks to: the one it was told, or one of its own within this process.</summary>
internal sealed class ExampleServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly WebApplication? _own;

    private ExampleServer(string address, WebApplication? own)
    {
        Address = address;
        _own = own;
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Whether it runs within this process.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Starts a server on free loopback ports, unless there is an address of one.</summary>
    /// <param name="address">"http://host:port", or null.</param>
    public static async Task<ExampleServer> StartAsync(string? address)
    {
        if (address is not null) return new ExampleServer(address, null);
        var own = ServerHost.Build(["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0"], configure: static builder => builder.Logging.ClearProviders());
        await own.StartAsync();
        return new ExampleServer(own.Services.GetRequiredService<Listeners>().GrpcAddress, own);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_own is null) return;
        using var patience = new CancellationTokenSource(s_patience);
        await _own.StopAsync(patience.Token);
        await _own.DisposeAsync();
    }
}
