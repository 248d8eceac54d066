using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Experiments;

/// <summary>The most that a server does: the best of closed loops with more and more workers.</summary>
internal static class Peak
{
    private const double GainLeast = 1.03;
    private const int WorkersMax = 64;

    /// <summary>Doubles the workers as long as that gains something.</summary>
    /// <param name="plan">Each loop; its rate and lanes are not looked at.</param>
    /// <param name="site">The server.</param>
    /// <param name="terminal">Shows how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RunResult> FindAsync(LoadPlan plan, Site site, Terminal terminal, CancellationToken cancellation)
    {
        RunResult? best = null;
        for (int workers = 2; workers <= WorkersMax; workers *= 2)
        {
            var run = await LoadRun.RunAsync(plan with { Rate = null, Lanes = workers, Label = $"closed loop of {workers}" }, site, terminal, cancellation);
            terminal.Show(run);
            if (best is not null && run.Throughput < best.Throughput * GainLeast) return run.Throughput > best.Throughput ? run : best;
            best = run;
        }
        return best!;
    }
}
