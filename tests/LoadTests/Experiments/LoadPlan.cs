using AutogradService.LoadTests.Load;

namespace AutogradService.LoadTests.Experiments;

/// <summary>A load, before it is run.</summary>
internal sealed record LoadPlan
{
    /// <summary>Most requests in flight of an open loop that names no number.</summary>
    public const int OpenLanes = 64;

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>Requests a second; null: a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How an open loop's requests are spread.</summary>
    public Arrivals Arrivals { get; init; } = Arrivals.Poisson;

    /// <summary>Workers of a closed loop, most requests in flight of an open one; null: the scenario's own number, or <see cref="OpenLanes"/>.</summary>
    public int? Lanes { get; init; }

    /// <summary>Requests of an open loop that may wait for a lane.</summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>Seconds that are measured.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Seconds of the same load before.</summary>
    public double WarmupSeconds { get; init; } = 2;

    /// <summary>Channels that lanes share.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Seed of random arrivals.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long the client waits for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for answers once an open loop has ended.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What tells it from other loads of the same report.</summary>
    public string Label { get; init; } = "";
}
