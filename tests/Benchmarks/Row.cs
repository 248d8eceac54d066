namespace AutogradService.Benchmarks;

/// <summary>Who does a row's work.</summary>
internal enum Who
{
    /// <summary>This project.</summary>
    Ours,
    /// <summary>A bare gRPC service that does nothing but carry the same bytes.</summary>
    Bare,
    /// <summary>The same work in another library, in this process.</summary>
    Peer,
}

/// <summary>One way of doing a row's work: a loop of as many calls as it is told.</summary>
/// <param name="Who">Who does it.</param>
/// <param name="Threads">How many threads its kernels may use.</param>
/// <param name="Run">The loop. Synchronous work returns a completed task.</param>
internal sealed record Variant(Who Who, int Threads, Func<long, Task> Run)
{
    public static Variant Of(Who who, int threads, Action<long> loop) => new(who, threads, calls =>
    {
        loop(calls);
        return Task.CompletedTask;
    });
}

/// <summary>One line of work to time, by as many variants as there are.</summary>
/// <param name="Suite">The suite it belongs to.</param>
/// <param name="Name">What a call does.</param>
/// <param name="Prepare">Makes its variants; called just before they are timed.</param>
internal sealed record Row(string Suite, string Name, Func<IEnumerable<Variant>> Prepare)
{
    /// <summary>The peer's row that does the same work; null if the peer does none.</summary>
    public string? PeerRow { get; init; }

    /// <summary>Units of work in one of our calls (ops, requests): times are printed per unit.</summary>
    public double Per { get; init; } = 1;

    /// <summary>Units of work in one of the peer's calls.</summary>
    public double PeerPer { get; init; } = 1;

    /// <summary>The unit's name.</summary>
    public string Unit { get; init; } = "call";

    /// <summary>Floating-point operations in a unit, if that says something.</summary>
    public double Flops { get; init; }

    /// <summary>Whether those are in float64.</summary>
    public bool Double { get; init; }

    /// <summary>Bytes that a unit must move, if that says something.</summary>
    public double Bytes { get; init; }

    /// <summary>Whether the process's own threads wake each other, so that only other processes' work tells a disturbed sample.</summary>
    public bool Concurrent { get; init; }
}

/// <summary>What was measured: nanoseconds per unit, on the clock and, all threads of the process together, on the processor.</summary>
internal sealed record Timing(Row Row, Who Who, int Threads, double Median, double Minimum, double Processor, double AllocatedBytes, int Clean, int Samples)
{
    /// <summary>Whether enough samples were undisturbed.</summary>
    public bool Reliable => Clean >= Harness.CleanMin;

    public double GflopPerSecond => Row.Flops / Median;

    public double GigabytesPerSecond => Row.Bytes / Median;
}
