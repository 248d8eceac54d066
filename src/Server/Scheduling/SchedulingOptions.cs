using System.ComponentModel.DataAnnotations;

namespace AutogradService.Server.Scheduling;

/// <summary>How computing is shared, section "Autograd:Scheduling".</summary>
public sealed class SchedulingOptions
{
    /// <summary>Sessions, and calls of functions, that compute at once; others wait their turn. 0: as many as there are processors.</summary>
    [Range(0, 4096)]
    public int RunsMax { get; set; }

    /// <summary>How many more may compute because they are in the middle of a command that takes long. 0: one for each processor. As many again as there are runs may be let past those, if they usually are quick.</summary>
    [Range(0, 4096)]
    public int LongRunsMax { get; set; }

    /// <summary>Milliseconds after which whoever computes lets others, if they wait.</summary>
    [Range(0.1, 60_000)]
    public double ShareMilliseconds { get; set; } = 2;

    /// <summary>Calls that would have to wait for longer than so many seconds, by what those before them usually take, are refused (OVERLOADED). Streams are held back instead.</summary>
    [Range(0.001, 86_400)]
    public double QueueSecondsMax { get; set; } = 2;
}
