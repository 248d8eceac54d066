using System.ComponentModel.DataAnnotations;

namespace AutogradService.Server.Telemetry;

/// <summary>What the server tells about itself, section "Autograd:Telemetry".</summary>
public sealed class TelemetryOptions
{
    /// <summary>Whether metrics can be scraped from /metrics on the HTTP port, in Prometheus' format.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>
    /// Where an OpenTelemetry collector takes traces and metrics, as "http://collector:4317". Empty: the environment variable OTEL_EXPORTER_OTLP_ENDPOINT, or else nothing is sent,
    /// and no traces are made.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How the collector is spoken to: "grpc" (port 4317 usually) or "http/protobuf" (4318).</summary>
    [AllowedValues("grpc", "http/protobuf")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>Share of traces that are recorded, of those that begin here. A caller's trace is recorded if the caller records it.</summary>
    [Range(0.0, 1.0)]
    public double SamplingRatio { get; set; } = 0.01;

    /// <summary>
    /// Traces that are recorded in a second at most, of those that begin here: a hundredth of tens of thousands of calls would cost more than it tells. Not looked at if all are recorded
    /// (SamplingRatio 1).
    /// </summary>
    [Range(1, 1_000_000)]
    public int TracesPerSecondMax { get; set; } = 50;

    /// <summary>Whether the log is written as JSON, an object a line, rather than as text.</summary>
    public bool JsonLogs { get; set; }

    /// <summary>Log entries that may be written in a second, after a moment's more; what is above is counted and dropped, so that a flood of errors fills no disk.</summary>
    [Range(1, 1_000_000)]
    public int LogEntriesPerSecondMax { get; set; } = 100;
}
