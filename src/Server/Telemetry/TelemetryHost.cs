using System.Diagnostics.Metrics;
using AutogradService.Server.Hosting;
using AutogradService.Server.Security;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AutogradService.Server.Telemetry;

/// <summary>Puts telemetry together: logs, metrics, traces, and where they go.</summary>
internal static class TelemetryHost
{
    private const string ServiceName = "autograd-service";
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(ServerOptions.Section).GetSection("Telemetry").Get<TelemetryOptions>() ?? new TelemetryOptions();
        AddLogs(builder, options);
        builder.Services.AddSingleton<ServerMeter>();
        builder.Services.AddSingleton<ServerGauges>();
        builder.Services.AddSingleton<UsageTable>();
        builder.Services.AddSingleton<ErrorLog>();
        string endpoint = options.OtlpEndpoint.Length > 0 ? options.OtlpEndpoint : builder.Configuration[StandardEndpoint] ?? "";
        if (!options.Prometheus && endpoint.Length == 0) return;
        string version = typeof(TelemetryHost).Assembly.GetName().Version?.ToString() ?? "";
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: version));
        telemetry.WithMetrics(metrics => AddMetrics(metrics, options, endpoint));
        // Without anybody to take them, traces would only cost.
        if (endpoint.Length > 0) telemetry.WithTracing(traces => AddTraces(traces, options, endpoint));
    }

    /// <summary>Answers /metrics, on the HTTP port only.</summary>
    public static void Use(WebApplication app)
    {
        app.Services.GetRequiredService<ServerGauges>();
        var listeners = app.Services.GetRequiredService<Listeners>();
        app.UseWhen(context => listeners.IsHttp(context.Connection), probes =>
        {
            if (app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Telemetry.Prometheus)
            {
                var signIn = app.Services.GetRequiredService<SignIn>();
                probes.UseOpenTelemetryPrometheusScrapingEndpoint(meterProvider: null, predicate: null, path: null, configureBranchedPipeline: metrics => metrics.Use(signIn.GuardMetricsAsync), optionsName: null);
            }
        });
    }

    private static void AddLogs(WebApplicationBuilder builder, TelemetryOptions options)
    {
        var services = builder.Services;
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.Logging.AddConsole(console =>
        {
            console.FormatterName = options.JsonLogs ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
            // Nobody waits for a log that is not taken.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        foreach (var provider in services.Where(s => s.ServiceType == typeof(ILoggerProvider) && s.ImplementationType == typeof(ConsoleLoggerProvider)).ToArray()) services.Remove(provider);
        services.AddSingleton<ConsoleLoggerProvider>();
        services.AddSingleton<ILoggerProvider>(provider => new BoundedConsole(provider.GetRequiredService<ConsoleLoggerProvider>(), provider.GetRequiredService<ServerMeter>(), options.LogEntriesPerSecondMax, TimeProvider.System));
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions options, string endpoint)
    {
        metrics.AddMeter(ServerMeter.Name, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
        metrics.SetExemplarFilter(ExemplarFilterType.TraceBased);
        // Two records of six tags for every call, which waits there for a thread and no longer than that: half of what telemetry cost a small unary call.
        metrics.AddView("kestrel.queued_requests", MetricStreamConfiguration.Drop);
        // Meters of one name are heard wherever they are made: what belongs to another server in this process is not ours.
        if (metrics is IDeferredMeterProviderBuilder deferred)
            deferred.Configure(static (provider, configured) =>
            {
                var own = provider.GetRequiredService<IMeterFactory>();
                configured.AddView(instrument => instrument.Meter.Scope is IMeterFactory other && !ReferenceEquals(other, own) ? MetricStreamConfiguration.Drop : null);
            });
        if (options.Prometheus) metrics.AddPrometheusExporter();
        if (endpoint.Length > 0) metrics.AddOtlpExporter(otlp => Configure(otlp, options, endpoint, "/v1/metrics"));
    }

    private static void AddTraces(TracerProviderBuilder traces, TelemetryOptions options, string endpoint)
    {
        traces.AddSource(Tracing.Name);
        Tracing.Share = options.SamplingRatio;
        Tracing.PerSecondMax = options.TracesPerSecondMax;
        traces.SetSampler(new ParentBasedSampler(new ChosenSampler()));
        traces.AddOtlpExporter(otlp => Configure(otlp, options, endpoint, "/v1/traces"));
    }

    private static void Configure(OtlpExporterOptions otlp, TelemetryOptions options, string endpoint, string path)
    {
        bool isHttp = options.OtlpProtocol == "http/protobuf";
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // The exporter adds the path only to what it reads from the environment itself.
        otlp.Endpoint = new Uri(isHttp ? endpoint.TrimEnd('/') + path : endpoint);
    }
}
