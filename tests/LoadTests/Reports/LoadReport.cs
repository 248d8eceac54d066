using System.Text.Json;
using System.Text.Json.Serialization;

namespace AutogradService.LoadTests.Reports;

/// <summary>All that a command measured: what the JSON file holds and the HTML file shows.</summary>
internal sealed record LoadReport
{
    /// <summary>Changes when the meaning of a field does.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The command: "run", "sweep".</summary>
    public required string Kind { get; init; }

    /// <summary>A heading.</summary>
    public required string Title { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>What was measured, in words, by name.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Where.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>Loads, in the order in which they were run.</summary>
    public IReadOnlyList<RunResult> Runs { get; init; } = [];

    /// <summary>Throughput against offered load.</summary>
    public SweepResult? Sweep { get; init; }

    /// <summary>What was demanded and what came of it.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>Reads a report.</summary>
    /// <exception cref="InvalidDataException">The file holds none.</exception>
    public static async Task<LoadReport> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        try
        {
            return await JsonSerializer.DeserializeAsync(file, ReportJson.Default.LoadReport) ?? throw new InvalidDataException($"{path} holds no report");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} holds no report: {e.Message}", e);
        }
    }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.LoadReport);
}

/// <summary>Something worth knowing.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">With its unit.</param>
internal sealed record Fact(string Name, string Value);

/// <summary>A demand.</summary>
/// <param name="Name">What is demanded.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Passed">Whether it is met.</param>
internal sealed record Check(string Name, string Value, bool Passed);

/// <summary>The machine of the load.</summary>
internal sealed record MachineFacts
{
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    public required string System { get; init; }

    public required string Runtime { get; init; }

    public required string Server { get; init; }
}

/// <summary>Percentiles in milliseconds.</summary>
internal sealed record LatencySummary
{
    public long Count { get; init; }

    public double Mean { get; init; }

    public double P50 { get; init; }

    public double P90 { get; init; }

    public double P99 { get; init; }

    public double P999 { get; init; }

    public double Max { get; init; }
}

/// <summary>A point of the curve of percentiles.</summary>
internal sealed record CurvePoint
{
    public double Percent { get; init; }

    public double Milliseconds { get; init; }
}

/// <summary>An interval of the timeline: rates a second, latencies in milliseconds.</summary>
internal sealed record TimePoint
{
    /// <summary>Its end, from the beginning of measuring.</summary>
    public double Second { get; init; }

    public double Succeeded { get; init; }

    public double Refused { get; init; }

    public double Failed { get; init; }

    public double P50 { get; init; }

    public double P99 { get; init; }

    public double Max { get; init; }
}

/// <summary>Failed requests of one reason.</summary>
internal sealed record ErrorResult
{
    public required string Reason { get; init; }

    /// <summary>Whether the server refused with a reason that fits too much load.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>What the first one said.</summary>
    public required string Example { get; init; }

    /// <summary>Time from sending to the refusal.</summary>
    public required LatencySummary FromSending { get; init; }

    /// <summary>Time from when the request was due.</summary>
    public required LatencySummary Latency { get; init; }
}

/// <summary>Latencies of one tenant.</summary>
internal sealed record TenantResult
{
    public required string Name { get; init; }

    public required LatencySummary Latency { get; init; }
}

/// <summary>Server, generator and machine at a moment.</summary>
internal sealed record ServerSample
{
    /// <summary>From the beginning of measuring.</summary>
    public double Second { get; init; }

    /// <summary>Cores that the server kept busy since the sample before; null where its process cannot be seen.</summary>
    public double? Cores { get; init; }

    /// <summary>Cores that the generator kept busy.</summary>
    public double GeneratorCores { get; init; }

    /// <summary>Cores that anything else kept busy.</summary>
    public double? OtherCores { get; init; }

    /// <summary>Resident bytes.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>Bytes of the garbage-collected heap, from the server's metrics.</summary>
    public double? HeapBytes { get; init; }

    public int? Threads { get; init; }

    public int? Handles { get; init; }
}

/// <summary>What a load was.</summary>
internal sealed record LoadSettings
{
    public required string Scenario { get; init; }

    public required string Unit { get; init; }

    public required double UnitsPerRequest { get; init; }

    /// <summary>Requests a second of an open loop; null: a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How an open loop's requests are spread.</summary>
    public string? Arrivals { get; init; }

    /// <summary>Workers of a closed loop, or most requests in flight of an open one.</summary>
    public required int Lanes { get; init; }

    public required int Connections { get; init; }

    public required double WarmupSeconds { get; init; }

    public required int Seed { get; init; }
}

/// <summary>What came of a load.</summary>
internal sealed record RunResult
{
    /// <summary>What tells it from the report's other loads.</summary>
    public string Label { get; init; } = "";

    public LoadSettings? Settings { get; init; }

    /// <summary>Measured seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Requests that were due.</summary>
    public long Due { get; init; }

    /// <summary>Those that could not be sent because the generator's bounds were reached.</summary>
    public long NotStarted { get; init; }

    /// <summary>Requests a second that succeeded within the measured time.</summary>
    public double Throughput { get; init; }

    /// <summary>From when a request was due.</summary>
    public LatencySummary Latency { get; init; } = new();

    /// <summary>From when it was sent.</summary>
    public LatencySummary FromSending { get; init; } = new();

    public IReadOnlyList<TenantResult> Tenants { get; init; } = [];

    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    public IReadOnlyList<TimePoint> Timeline { get; init; } = [];

    public IReadOnlyList<ErrorResult> Errors { get; init; } = [];

    /// <summary>Lanes that broke and were opened anew.</summary>
    public long LanesReopened { get; init; }

    /// <summary>From when a request was due to when the generator came to it: how well it keeps its pace.</summary>
    public LatencySummary Lag { get; init; } = new();

    public IReadOnlyList<ServerSample> Server { get; init; } = [];

    /// <summary>Why the numbers may not be the server's.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Requests that failed in any way.</summary>
    [JsonIgnore]
    public long ErrorCount => Errors.Sum(static e => e.FromSending.Count);

    /// <summary>Requests a second that were due.</summary>
    [JsonIgnore]
    public double Offered => Seconds > 0 ? Due / Seconds : 0;

    /// <summary>Units a second.</summary>
    [JsonIgnore]
    public double UnitThroughput => Throughput * (Settings?.UnitsPerRequest ?? 1);
}

/// <summary>Throughput and latency against offered load.</summary>
internal sealed record SweepResult
{
    /// <summary>The most that a closed loop achieved.</summary>
    public double ClosedLoopPeak { get; init; }

    public IReadOnlyList<SweepPoint> Points { get; init; } = [];

    /// <summary>Index of the last point before latency or shortfall takes off; null: the first one was beyond it.</summary>
    public int? Knee { get; init; }
}

/// <summary>A rate of a sweep.</summary>
internal sealed record SweepPoint
{
    public required double Offered { get; init; }

    public required double Achieved { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public long Errors { get; init; }
}

/// <summary>How reports are written down; made at compile time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
