using AutogradService.Fuzz.Oracles;

namespace AutogradService.Fuzz;

/// <summary>Something that takes a server of its own and some seconds: a hostile crowd, or a misfortune.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RunAsync">Runs it; tells what is wrong, or null.</param>
internal sealed record Scenario(string Name, Func<Tally, Task<string?>> RunAsync)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Hostile.HostileClients.All, .. Faults.ProcessFaults.All, .. Faults.ClockFaults.All];
}
