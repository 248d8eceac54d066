using System.ComponentModel.DataAnnotations;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Security;
using AutogradService.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>
/// What can be configured, section "Autograd". Every key can be given in appsettings.json, as an environment variable
/// (AUTOGRAD__GRPCPORT, AUTOGRAD__LIMITS__SESSIONSMAX) or on the command line (--Autograd:GrpcPort=0). Checked at start.
/// </summary>
public sealed class ServerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Autograd";

    /// <summary>Address to listen on; loopback unless told otherwise. "0.0.0.0" and "::" mean all.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for gRPC (HTTP/2 cleartext). 0: a free one, which the start-up line tells.</summary>
    [Range(0, 65535)]
    public int GrpcPort { get; set; } = 50051;

    /// <summary>Port for probes (HTTP/1.1). 0: a free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 8080;

    /// <summary>
    /// Port for gRPC-web (HTTP/1.1), which browsers speak. -1: none, gRPC-web is off. 0: a free one. Behind a proxy that ends TLS a browser's page and this port should have one
    /// origin; else see <see cref="WebOrigins"/>.
    /// </summary>
    [Range(-1, 65535)]
    public int WebPort { get; set; } = -1;

    /// <summary>
    /// Origins whose pages may call the gRPC-web port from a browser (CORS), as "https://app.example.org"; "*" alone means any. Empty: only pages of the port's own origin.
    /// At most 64.
    /// </summary>
    public List<string> WebOrigins { get; init; } = [];

    /// <summary>Threads that kernels may use. 0: the environment variable AUTOGRAD_THREADS, or one for each processor.</summary>
    [Range(0, 1024)]
    public int KernelThreads { get; set; }

    /// <summary>
    /// Whether the server calls itself before it says that it is ready, so that no client waits for the just-in-time compiler. Costs some tenths of a
    /// second at the start and nothing where the server was compiled ahead of time.
    /// </summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>When stopping: seconds for which sessions go on and only new ones are refused, so that balancers notice and clients finish. Then calls are refused and streams end.</summary>
    [Range(0, 600)]
    public double DrainNoticeSeconds { get; set; }

    /// <summary>When stopping: most seconds to wait for calls that are under way.</summary>
    [Range(0, 600)]
    public double DrainSecondsMax { get; set; } = 10;

    /// <summary>Who may come in, and TLS. By default: whoever can connect, on loopback only.</summary>
    [ValidateObjectMembers]
    public SecurityOptions Security { get; init; } = new();

    /// <summary>Limits.</summary>
    [ValidateObjectMembers]
    public LimitOptions Limits { get; init; } = new();

    /// <summary>How computing is shared.</summary>
    [ValidateObjectMembers]
    public SchedulingOptions Scheduling { get; init; } = new();

    /// <summary>What the server tells about itself.</summary>
    [ValidateObjectMembers]
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Functions: what is kept of them, and what one call may take.</summary>
    [ValidateObjectMembers]
    public FunctionOptions Functions { get; init; } = new();
}

/// <summary>Everything about functions that can be configured, section "Autograd:Functions".</summary>
public sealed class FunctionOptions
{
    /// <summary>Functions that the server keeps.</summary>
    [Range(1, 10_000_000)]
    public int FunctionsMax { get; set; } = 16_384;

    /// <summary>Functions that one principal may keep.</summary>
    [Range(1, 10_000_000)]
    public int PrincipalFunctionsMax { get; set; } = 4096;

    /// <summary>Bytes of one function as it is written down.</summary>
    [Range(1, int.MaxValue)]
    public int FunctionBytesMax { get; set; } = 4 << 20;

    /// <summary>Bytes of all functions that one principal keeps.</summary>
    [Range(1, long.MaxValue)]
    public long PrincipalBytesMax { get; set; } = 256L << 20;

    /// <summary>Bytes of all functions together.</summary>
    [Range(1, long.MaxValue)]
    public long BytesMax { get; set; } = 1L << 30;

    /// <summary>Functions kept compiled, counted once for each set of shapes and of what is wanted; the least recently called give way.</summary>
    [Range(1, 1 << 20)]
    public int PlansMax { get; set; } = 1024;

    /// <summary>Bytes of memory that compiled functions keep ready between calls; the least recently called give way.</summary>
    [Range(0, long.MaxValue)]
    public long PlanBytesMax { get; set; } = 1L << 30;

    /// <summary>Runs of a compiled function that are kept ready for calls at the same time.</summary>
    [Range(1, 1024)]
    public int RunsKept { get; set; } = 4;

    /// <summary>
    /// How long, in milliseconds, a unary call of a function with a symbolic batch may wait while calls of the same function run, so that those which come meanwhile are answered by one
    /// run over their rows together. A call that finds none running never waits. 0: every call has a run of its own.
    /// </summary>
    [Range(0, 1000)]
    public int GatherMilliseconds { get; set; }

    /// <summary>Calls that are gathered into one run at most.</summary>
    [Range(2, 4096)]
    public int GatherCallsMax { get; set; } = 64;

    /// <summary>Floating-point operations of one call (COST_TOO_HIGH).</summary>
    [Range(1, long.MaxValue)]
    public long CallFlopsMax { get; set; } = 1_000_000_000_000_000;

    /// <summary>Bytes of memory that one call may hold beside its inputs (COST_TOO_HIGH).</summary>
    [Range(1, long.MaxValue)]
    public long CallMemoryBytesMax { get; set; } = 4L << 30;

    /// <summary>Predicted milliseconds of one call (COST_TOO_HIGH).</summary>
    [Range(0.001, 86_400_000)]
    public double CallMillisecondsMax { get; set; } = 600_000;

    /// <summary>Graph nodes that deriving a function may record.</summary>
    [Range(1, int.MaxValue)]
    public int NodesMax { get; set; } = 1 << 20;
}

/// <summary>Everything that is bounded. Whoever exceeds a limit is told which.</summary>
public sealed class LimitOptions
{
    /// <summary>Calls under way at once, streams included; more are refused for the moment.</summary>
    [Range(1, 1_000_000)]
    public int CallsMax { get; set; } = 4096;

    /// <summary>Sessions of the server.</summary>
    [Range(1, 1_000_000)]
    public int SessionsMax { get; set; } = 1024;

    /// <summary>Sessions of one principal. 0: as many as the server may have.</summary>
    [Range(0, 1_000_000)]
    public int PrincipalSessionsMax { get; set; }

    /// <summary>Bytes of tensor storage in all sessions of one principal, memory kept for reuse included. 0: as much as the server may have.</summary>
    [Range(0, long.MaxValue)]
    public long PrincipalBytesMax { get; set; }

    /// <summary>Commands that one principal may have run in a second (a second's worth at once). Calls beyond it are refused, streams held back. 0: no limit.</summary>
    [Range(0, 1e12)]
    public double PrincipalCommandsPerSecond { get; set; }

    /// <summary>Seconds that one principal may compute in a second, on all processors together. Calls beyond it are refused, streams held back. 0: no limit.</summary>
    [Range(0, 1e6)]
    public double PrincipalComputePerSecond { get; set; }

    /// <summary>Idle seconds after which a session that asked for nothing else expires.</summary>
    [Range(1, 31_536_000)]
    public double IdleSeconds { get; set; } = 1800;

    /// <summary>Longest idle time, in seconds, that a session may ask for.</summary>
    [Range(1, 31_536_000)]
    public double IdleSecondsMax { get; set; } = 86_400;

    /// <summary>Expired sessions whose ids are remembered, so that they can be told from ids that never were.</summary>
    [Range(0, 10_000_000)]
    public int TombstonesMax { get; set; } = 65_536;

    /// <summary>Bytes of tensor storage in a session.</summary>
    [Range(64, long.MaxValue)]
    public long BytesMax { get; set; } = 4L << 30;

    /// <summary>Bytes of tensor storage in all sessions together, memory kept for reuse included. 0: three quarters of the machine's memory, or of what a container's limit leaves beside 128 MiB for the program.</summary>
    [Range(0, long.MaxValue)]
    public long ServerBytesMax { get; set; }

    /// <summary>
    /// Bytes of .NET's heap that messages under way may take, both ways and of all calls together: what was received counts three times, what is to be sent twice, as that is how often it is
    /// there. 0: an eighth of the machine's memory, or of what a container's limit leaves beside 128 MiB; at most half of what .NET's heap may take.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MessageHeapBytesMax { get; set; }

    /// <summary>Live handles in a session.</summary>
    [Range(1, int.MaxValue)]
    public int TensorsMax { get; set; } = 1 << 20;

    /// <summary>Autograd graph nodes in a session.</summary>
    [Range(1, int.MaxValue)]
    public int NodesMax { get; set; } = 1 << 22;

    /// <summary>Poisoned handles in a session.</summary>
    [Range(1, int.MaxValue)]
    public int PoisonedMax { get; set; } = 1 << 16;

    /// <summary>Hooks in a session.</summary>
    [Range(0, int.MaxValue)]
    public int HooksMax { get; set; } = 1024;

    /// <summary>Commands that may wait in a session's queue.</summary>
    [Range(1, int.MaxValue)]
    public int QueuedCommandsMax { get; set; } = 1 << 18;

    /// <summary>Bytes of commands that may wait in a session's queue.</summary>
    [Range(1, long.MaxValue)]
    public long QueuedBytesMax { get; set; } = 256L << 20;

    /// <summary>Answers of numbered commands that a session keeps for commands sent twice.</summary>
    [Range(1, 1 << 20)]
    public int KeptResultsMax { get; set; } = 16_384;

    /// <summary>Bytes of those answers.</summary>
    [Range(1, long.MaxValue)]
    public long KeptResultBytesMax { get; set; } = 4L << 20;

    /// <summary>Bytes of one message, either way.</summary>
    [Range(1024, int.MaxValue)]
    public int MessageBytesMax { get; set; } = 64 << 20;

    /// <summary>Bytes of data in one chunk.</summary>
    [Range(1, 1 << 30)]
    public int ChunkBytesMax { get; set; } = 4 << 20;

    /// <summary>Bytes of data in the chunks of a download that asks for no size.</summary>
    [Range(1, 1 << 30)]
    public int ChunkBytes { get; set; } = 256 << 10;

    /// <summary>Commands in one batch or frame.</summary>
    [Range(1, int.MaxValue)]
    public int BatchCommandsMax { get; set; } = 1 << 16;

    /// <summary>Operands, attributes, outputs, handles, or integers of an attribute, in one command.</summary>
    [Range(1, int.MaxValue)]
    public int ListLengthMax { get; set; } = 1 << 16;

    /// <summary>Characters of a name or string attribute.</summary>
    [Range(1, int.MaxValue)]
    public int StringLengthMax { get; set; } = 1024;

    /// <summary>Commands that a stream may have under way.</summary>
    [Range(1, int.MaxValue)]
    public int StreamCreditCommands { get; set; } = 1 << 17;

    /// <summary>Bytes that a stream may have under way.</summary>
    [Range(1, long.MaxValue)]
    public long StreamCreditBytes { get; set; } = 128L << 20;

    /// <summary>Seconds for which the command that is under way when its stream breaks may go on, so that a client that comes back finds it done.</summary>
    [Range(0, 3600)]
    public double BrokenStreamSeconds { get; set; } = 10;

    /// <summary>Responses that may wait for a stream's client to read them.</summary>
    [Range(1, 1 << 20)]
    public int StreamResponsesMax { get; set; } = 64;

    /// <summary>Nodes in one answer of GetGraph.</summary>
    [Range(1, int.MaxValue)]
    public int GraphNodesMax { get; set; } = 10_000;

    /// <summary><see cref="ServerBytesMax"/>, decided.</summary>
    internal long ServerBytes => ServerBytesMax > 0 ? ServerBytesMax : MemoryShares.Tensors;

    /// <summary><see cref="MessageHeapBytesMax"/>, decided.</summary>
    internal long MessageHeapBytes => MessageHeapBytesMax > 0 ? MessageHeapBytesMax : MemoryShares.Messages;
}

/// <summary>Checks the ranges above.</summary>
[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;

/// <summary>Checks what concerns more than one value.</summary>
internal sealed class ServerOptionsConsistency : IValidateOptions<ServerOptions>
{
    private const int WebOriginsMax = 64;

    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var limits = options.Limits;
        var faults = new List<string>();
        if (!System.Net.IPAddress.TryParse(options.Address, out _)) faults.Add($"Address: '{options.Address}' is no IP address.");
        if (limits.IdleSeconds > limits.IdleSecondsMax) faults.Add("Limits:IdleSeconds is above Limits:IdleSecondsMax.");
        if (limits.ChunkBytes > limits.ChunkBytesMax) faults.Add("Limits:ChunkBytes is above Limits:ChunkBytesMax.");
        if (limits.ChunkBytesMax > limits.MessageBytesMax - 64) faults.Add("Limits:ChunkBytesMax does not fit into Limits:MessageBytesMax.");
        if (limits.StreamCreditBytes < limits.MessageBytesMax) faults.Add("Limits:StreamCreditBytes is below Limits:MessageBytesMax: the largest frame could never be sent.");
        if (limits.StreamCreditCommands < limits.BatchCommandsMax) faults.Add("Limits:StreamCreditCommands is below Limits:BatchCommandsMax.");
        if (limits.MessageBytesMax / 1024 < limits.BatchCommandsMax) faults.Add("Limits:MessageBytesMax is below 1024 times Limits:BatchCommandsMax: the errors of a batch might not fit one answer.");
        if (limits.QueuedBytesMax < limits.MessageBytesMax) faults.Add("Limits:QueuedBytesMax is below Limits:MessageBytesMax.");
        if (limits.QueuedCommandsMax < limits.BatchCommandsMax) faults.Add("Limits:QueuedCommandsMax is below Limits:BatchCommandsMax.");
        if (options.WebOrigins.Count > WebOriginsMax) faults.Add($"WebOrigins: {options.WebOrigins.Count} are more than {WebOriginsMax}.");
        if (options.Telemetry.OtlpEndpoint.Length > 0 && !(Uri.TryCreate(options.Telemetry.OtlpEndpoint, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"))
            faults.Add($"Telemetry:OtlpEndpoint: '{options.Telemetry.OtlpEndpoint}' is no address such as http://collector:4317.");
        foreach (string origin in options.WebOrigins)
            if (!IsOrigin(origin) && !(origin == "*" && options.WebOrigins.Count == 1)) faults.Add($"WebOrigins: '{origin}' is no origin such as https://app.example.org.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // Browsers send scheme, host and port only, so anything more would never match.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.GetLeftPart(UriPartial.Authority) == text;
}
