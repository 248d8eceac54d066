using System.Globalization;
using AutogradService.Client;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Experiments;

/// <summary>What heavy sessions do to a light one: its latency alone, and beside them.</summary>
internal static class Fairness
{
    private const double RatioMax = 10;
    private const int MatrixSize = 1024;
    private const int Products = 8;
    private const int ChainPairs = 5000;
    private const int Many = 8;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Loads that lie beside the light session.</summary>
    private static readonly (string Label, int Sessions, Func<Target, int, CancellationToken, Task<Lane>> Open)[] s_neighbours =
    [
        ("beside one of large products", 1, static (target, index, token) => MixedTenants.OpenHeavyAsync(target, index, MatrixSize, Products, token)),
        ("beside one of long chains", 1, OpenChainAsync),
        ("beside eight of large products", Many, static (target, index, token) => MixedTenants.OpenHeavyAsync(target, index, MatrixSize, Products, token)),
    ];

    /// <summary>Runs the light session alone, then beside each kind of neighbour.</summary>
    /// <param name="plan">The light load.</param>
    /// <param name="site">The server.</param>
    /// <param name="terminal">Shows how it goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IReadOnlyList<RunResult>> RunAsync(LoadPlan plan, Site site, Terminal terminal, CancellationToken cancellation)
    {
        var runs = new List<RunResult> { await LightAsync(plan with { Label = "alone" }, site, terminal, cancellation) };
        foreach (var (label, sessions, open) in s_neighbours)
        {
            // Channels of their own, as the neighbour is another program; else the light one would wait in the client for the heavy one's bytes.
            await using var target = site.Connect(sessions);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var neighbours = new List<Task<long>>();
            for (int i = 0; i < sessions; i++) neighbours.Add(KeepBusyAsync(await open(target, i, cancellation), ending.Token));
            var run = await LightAsync(plan with { Label = label }, site, terminal, cancellation);
            await ending.CancelAsync();
            long requests = (await Task.WhenAll(neighbours)).Sum();
            terminal.Say($"  meanwhile the heavy sessions had {requests:N0} requests answered");
            runs.Add(run);
        }
        return runs;
    }

    /// <summary>Compares each with the first.</summary>
    public static IEnumerable<Check> Look(IReadOnlyList<RunResult> runs)
    {
        double quiet = runs[0].Latency.P99;
        foreach (var run in runs.Skip(1))
            yield return new Check(
                string.Create(CultureInfo.InvariantCulture, $"p99 of the light session {run.Label} is under {RatioMax:0} times that alone"),
                string.Create(CultureInfo.InvariantCulture, $"{run.Latency.P99:F2} ms against {quiet:F2} ms: {run.Latency.P99 / quiet:F1} times"),
                run.Latency.Count > 0 && run.Latency.P99 < RatioMax * quiet);
    }

    private static async Task<RunResult> LightAsync(LoadPlan plan, Site site, Terminal terminal, CancellationToken cancellation)
    {
        await using var target = site.Connect(1);
        await using var scenario = new LightSession();
        var run = await LoadRun.RunAsync(plan, scenario, target, site, terminal, cancellation);
        terminal.Show(run);
        return run;
    }

    private static async Task<long> KeepBusyAsync(Lane lane, CancellationToken cancellation)
    {
        long requests = 0;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                try
                {
                    await lane.RequestAsync(cancellation);
                    requests++;
                }
                catch (AutogradException e) when (lane.IsUsable())
                {
                    // Refused for the moment: that is fair too.
                    await Task.Delay(e.RetryAfter ?? s_pause, cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The light session was measured.
        }
        finally
        {
            await lane.DisposeAsync();
        }
        return requests;
    }

    private static async Task<Lane> OpenChainAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var x = session.Ones([1000], requiresGrad: true);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            var y = x;
            for (int i = 0; i < ChainPairs; i++) y = y.Mul(x).Sin();
            y.Sum().Backward();
            var gradient = x.Grad.ToArrayAsync<float>(token);
            x.SetGrad(null);
            await gradient;
        });
    }

    /// <summary>One session that asks for little, at a steady rate.</summary>
    private sealed class LightSession : Scenario
    {
        public override string Name => "light-session";

        public override string Description => "An op on 4 elements, backward, and the gradient fetched.";

        public override string Unit => "request";

        public override Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation) => MixedTenants.OpenLightAsync(target, index, cancellation);
    }
}
