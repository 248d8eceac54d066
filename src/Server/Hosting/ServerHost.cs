using System.Net;
using AutogradService.Engine;
using AutogradService.Server.Calls;
using AutogradService.Server.Functions;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Security;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.AspNetCore.Server.Model;
using Grpc.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>Puts the server together. Programs and tests start the same one.</summary>
public static class ServerHost
{
    private const int ConnectionWindowBytes = 16 << 20;
    private const int ConnectionWindowBytesMin = 1 << 20;
    private const int StreamsPerConnectionMax = 1000;
    private const long ConnectionBytesKept = 32 << 20;

    /// <summary>Builds a server that is not yet started.</summary>
    /// <param name="args">The command line: "--Autograd:GrpcPort=0" and the like, see <see cref="ServerOptions"/>.</param>
    /// <param name="time">The clock that sessions expire by.</param>
    /// <param name="configure">Further changes, to logging for instance.</param>
    /// <param name="warm">Whether the server calls itself before it says that it is ready, so that no client's call is the first. A program's own business: a test does without.</param>
    /// <returns>The server; where it listens is told by its service <see cref="Listeners"/>.</returns>
    public static WebApplication Build(string[] args, TimeProvider? time = null, Action<WebApplicationBuilder>? configure = null, bool warm = false)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        AddOptions(builder.Services);
        AddServices(builder.Services, time ?? TimeProvider.System);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
            // It calls each probe of a server that drains an error.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // What our calls throw is logged where it becomes a status. What is left are malformed messages to health and reflection: their senders' faults, with a stack trace each.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        // It would make a span and a scope for every request, for a line that nobody sees; what a handler throws is logged by Kestrel, too.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        TelemetryHost.Add(builder);
        if (warm) builder.Services.AddSingleton<WarmUp>();
        configure?.Invoke(builder);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(Listen);
        var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        if (options.KernelThreads > 0) KernelThreads.Set(options.KernelThreads);
        KeepThreads(app.Services.GetRequiredService<RunSlots>().ThreadsMax);
        app.Services.GetRequiredService<CatalogCalls>(); // made now rather than by the first client's first call
        int messageBytesMax = options.Limits.MessageBytesMax;
        TelemetryHost.Use(app);
        if (options.WebPort >= 0) UseWeb(app);
        var errors = app.Services.GetRequiredService<ErrorLog>();
        app.Use((context, next) => BareStatusDetails.InvokeAsync(context, next, messageBytesMax, errors));
        var signIn = app.Services.GetRequiredService<SignIn>();
        if (signIn.IsOn) app.Use(signIn.InvokeAsync);
        var messages = app.Services.GetRequiredService<MessageMemory>();
        app.UseWhen(static context => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true, calls => calls.Use(messages.InvokeAsync));
        app.MapGrpcService<SessionCalls>();
        app.MapGrpcService<AutogradCalls>();
        app.MapGrpcService<CatalogCalls>();
        app.MapGrpcService<FunctionCalls>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
        app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = static _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz").AllowAnonymous();
        return app;
    }

    // Threads that compute are taken from the pool, which replaces them only slowly: what reads and writes must find one all the same.
    private static void KeepThreads(int computing)
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        int wanted = computing + 2 * Environment.ProcessorCount;
        if (workers < wanted) ThreadPool.SetMinThreads(wanted, ports);
    }

    // Before everything that looks at gRPC's headers and trailers: it turns gRPC-web into gRPC and back.
    private static void UseWeb(WebApplication app)
    {
        var listeners = app.Services.GetRequiredService<Listeners>();
        app.UseWhen(context => listeners.IsWeb(context.Connection), web => web.UseCors().UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true }));
    }

    private static void AddWeb(IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<ServerOptions>>(static (cors, server) => cors.AddDefaultPolicy(policy =>
        {
            // No origins, no headers: a browser then lets only pages of the same origin read answers.
            policy.WithOrigins([.. server.Value.WebOrigins]).WithMethods("POST").AllowAnyHeader().WithExposedHeaders("grpc-status", "grpc-message", "grpc-status-details-bin").SetPreflightMaxAge(TimeSpan.FromHours(1));
        }));
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsConsistency>();
        services.AddSingleton<IValidateOptions<ServerOptions>, SecurityConsistency>();
        services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
    }

    private static void AddServices(IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<Listeners>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(new ConnectionMemory(Math.Min(ConnectionBytesKept, MemoryShares.Heap / 32)));
        services.AddSingleton<Admission>();
        AddSecurity(services);
        services.AddHostedService<Lifecycle>();
        services.AddSingleton<RunSlots>();
        services.AddSingleton<SessionTable>();
        services.AddHostedService(static provider => provider.GetRequiredService<SessionTable>());
        services.AddSingleton<MessageMemory>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<Downloads>();
        services.AddSingleton<CommandStreams>();
        services.AddSingleton<SessionCalls>();
        services.AddSingleton<AutogradCalls>();
        services.AddSingleton<CatalogCalls>();
        services.AddSingleton<FunctionRegistry>();
        services.AddSingleton<FunctionCaller>();
        services.AddSingleton<GatheredRuns>();
        services.AddSingleton<CallGathering>();
        services.AddSingleton<FunctionStreams>();
        services.AddSingleton<TrainingStreams>();
        services.AddSingleton<FunctionCalls>();
        services.AddSingleton<IServiceMethodProvider<SessionCalls>, SessionCalls.Methods>();
        services.AddSingleton<IServiceMethodProvider<AutogradCalls>, AutogradCalls.Methods>();
        services.AddSingleton<IServiceMethodProvider<CatalogCalls>, CatalogCalls.Methods>();
        services.AddSingleton<IServiceMethodProvider<FunctionCalls>, FunctionCalls.Methods>();
        services.AddGrpc(static grpc => grpc.Interceptors.Add<CallInterceptor>());
        services.AddSingleton<CallInterceptor>();
        AddWeb(services);
        services.AddOptions<Grpc.AspNetCore.Server.GrpcServiceOptions>().Configure<IOptions<ServerOptions>>(static (grpc, server) =>
        {
            grpc.MaxReceiveMessageSize = server.Value.Limits.MessageBytesMax;
            grpc.MaxSendMessageSize = server.Value.Limits.MessageBytesMax;
        });
        services.AddGrpcHealthChecks(static health =>
        {
            health.UseHealthChecksCache = false;
            health.Services.Map("autograd.v1.AutogradService", static _ => true);
        }).AddCheck<ReadinessCheck>("ready");
        Google.Protobuf.Reflection.ServiceDescriptor[] described =
        [
            .. Wire.SessionReflection.Descriptor.Services, .. Wire.AutogradReflection.Descriptor.Services, .. Wire.CatalogReflection.Descriptor.Services, .. Wire.FunctionReflection.Descriptor.Services,
        ];
        services.AddSingleton(new ReflectionV1ServiceImpl(described));
        services.AddSingleton(new ReflectionServiceImpl(described));
    }

    private static void AddSecurity(IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<WatchedFiles>();
        services.AddHostedService(static provider => provider.GetRequiredService<WatchedFiles>());
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<OwnKey>();
        JwtTokens.AddTo(services);
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<ServerCertificate>();
        services.AddSingleton<TlsListeners>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<WatchedStreams>();
    }

    private static void Listen(WebHostBuilderContext context, KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
        kestrel.AddServerHeader = false;
        // Messages are bounded by the gRPC options, streams by credits, slow clients by deadlines and idle sessions.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        // What clients send before anybody asks for it lies in the heap as well.
        int window = (int)Math.Clamp(options.Limits.MessageHeapBytes / 8, ConnectionWindowBytesMin, ConnectionWindowBytes);
        kestrel.Limits.Http2.InitialConnectionWindowSize = window;
        kestrel.Limits.Http2.InitialStreamWindowSize = window / 2;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        var address = IPAddress.Parse(options.Address);
        var tls = kestrel.ApplicationServices.GetRequiredService<TlsListeners>();
        ListenOptions? grpc = null, http = null, web = null;
        kestrel.Listen(address, options.GrpcPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            tls.Secure(listen);
            grpc = listen;
        });
        kestrel.Listen(address, options.HttpPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            tls.SecureHttp(listen);
            http = listen;
        });
        if (options.WebPort >= 0)
            kestrel.Listen(address, options.WebPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                tls.Secure(listen);
                web = listen;
            });
        kestrel.ApplicationServices.GetRequiredService<Listeners>().Set(grpc!, http!, web, options.Security.Tls);
    }
}
