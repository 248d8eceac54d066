using System.Net;
using AutogradService.Server.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>Where the server listens; known once it has started.</summary>
public sealed class Listeners
{
    private ListenOptions? _grpc;
    private ListenOptions? _http;
    private ListenOptions? _web;
    private TlsOptions _tls = new();

    /// <summary>The address for gRPC: http://127.0.0.1:50051.</summary>
    public string GrpcAddress => AddressOf(_grpc, _tls.IsOn);

    /// <summary>The address for probes: http://127.0.0.1:8080.</summary>
    public string HttpAddress => AddressOf(_http, _tls.HttpPort);

    /// <summary>The address for gRPC-web; null if that is off.</summary>
    public string? WebAddress => _web is null ? null : AddressOf(_web, _tls.IsOn);

    /// <summary>Whether a connection came in by the port for gRPC-web.</summary>
    internal bool IsWeb(ConnectionInfo connection) => _web?.IPEndPoint?.Port == connection.LocalPort;

    /// <summary>Whether a connection came in by the port for probes.</summary>
    internal bool IsHttp(ConnectionInfo connection) => _http?.IPEndPoint?.Port == connection.LocalPort;

    internal void Set(ListenOptions grpc, ListenOptions http, ListenOptions? web, TlsOptions tls) => (_grpc, _http, _web, _tls) = (grpc, http, web, tls);

    // Binding replaces port 0 by the port that was free.
    private static string AddressOf(ListenOptions? options, bool isTls) => options?.IPEndPoint is { } at ? $"{(isTls ? "https" : "http")}://{at}" : throw new InvalidOperationException("the server has not started");
}

/// <summary>Says where the server listens once it does, and lets calls finish before it no longer does.</summary>
internal sealed class Lifecycle(Admission admission, Listeners listeners, IOptions<ServerOptions> options, ILogger<Lifecycle> log, WarmUp? warmUp = null) : IHostedLifecycleService
{
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (warmUp is not null) await warmUp.RunAsync(listeners.GrpcAddress, cancellationToken);
        var security = options.Value.Security;
        string wire = security.Tls.IsOn ? "over TLS" : "cleartext";
        log.Listening($"gRPC (HTTP/2 {wire})", listeners.GrpcAddress);
        log.Listening("Probes (HTTP/1.1)", listeners.HttpAddress);
        if (listeners.WebAddress is { } web) log.Listening($"gRPC-web (HTTP/1.1 {wire})", web);
        if (IPAddress.IsLoopback(IPAddress.Parse(options.Value.Address))) return;
        if (!security.AsksForCredentials) log.OpenToAll(options.Value.Address);
        else if (!security.Tls.IsOn) log.KeysInCleartext(options.Value.Address);
    }

    /// <summary>Comes before the listeners close: first new sessions are refused, then calls; streams end, calls under way finish.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        admission.Drain();
        log.Draining(admission.Calls);
        await Task.Delay(TimeSpan.FromSeconds(options.Value.DrainNoticeSeconds), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        admission.Close();
        long end = Environment.TickCount64 + (long)(options.Value.DrainSecondsMax * 1000);
        while (admission.Calls > 0 && Environment.TickCount64 < end && !cancellationToken.IsCancellationRequested) await Task.Delay(s_glance, CancellationToken.None);
        if (admission.Calls > 0) log.DrainGaveUp(admission.Calls);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Ready, unless the server drains.</summary>
internal sealed class ReadinessCheck(Admission admission) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(admission.IsDraining ? HealthCheckResult.Unhealthy("draining") : HealthCheckResult.Healthy());
}
