using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Observation;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Runs a load and looks at the server meanwhile.</summary>
internal static class LoadRun
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortInterval = TimeSpan.FromMilliseconds(250);
    private const double ShortSeconds = 15;

    /// <summary>Opens lanes, runs the load, closes the lanes.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="site">The server.</param>
    /// <param name="terminal">Shows how it goes.</param>
    /// <param name="cancellation">Ends it early; what was measured until then is lost.</param>
    public static async Task<RunResult> RunAsync(LoadPlan plan, Site site, Terminal terminal, CancellationToken cancellation)
    {
        await using var target = site.Connect(plan.Connections);
        await using var scenario = ScenarioList.Find(plan.Scenario) ?? throw new ArgumentException($"no scenario '{plan.Scenario}'");
        return await RunAsync(plan, scenario, target, site, terminal, cancellation);
    }

    /// <summary>The same for a scenario that is there already.</summary>
    /// <inheritdoc cref="RunAsync(LoadPlan, Site, Terminal, CancellationToken)"/>
    /// <param name="scenario">What requests are.</param>
    /// <param name="target">The channels.</param>
    public static async Task<RunResult> RunAsync(LoadPlan plan, Scenario scenario, Target target, Site site, Terminal terminal, CancellationToken cancellation)
    {
        int lanes = plan.Lanes ?? (plan.Rate is null ? scenario.Concurrency : LoadPlan.OpenLanes);
        terminal.Say($"{scenario.Name}: opening {lanes} lanes");
        await scenario.PrepareAsync(target, cancellation);
        await using var set = await LaneSet.OpenAsync(scenario, target, lanes, plan.Timeout, cancellation);
        using var metrics = site.OpenMetrics();
        long start = Clock.Now, from = start + Clock.Ticks(plan.WarmupSeconds);
        var recorder = new Recorder(from, from + Clock.Ticks(plan.Seconds));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(new Observer(site.ProcessId, metrics), recorder, plan, scenario, terminal, ending.Token);
        if (plan.Rate is { } rate)
            await OpenLoop.RunAsync(set, recorder, new ArrivalSchedule(plan.Arrivals, rate, plan.Seed), start, plan.WaitingMax, plan.Patience, cancellation);
        else
            await ClosedLoop.RunAsync(set, recorder, cancellation);
        await ending.CancelAsync();
        var samples = await watching;
        terminal.Clear();
        cancellation.ThrowIfCancellationRequested();
        site.RequireRunning();
        var result = recorder.Result() with
        {
            Label = plan.Label.Length > 0 ? plan.Label : scenario.Name,
            Server = samples,
            Settings = new LoadSettings
            {
                Scenario = scenario.Name,
                Unit = scenario.Unit,
                UnitsPerRequest = scenario.UnitsPerRequest,
                Rate = plan.Rate,
                Arrivals = plan.Rate is null ? null : plan.Arrivals.ToString(),
                Lanes = lanes,
                Connections = plan.Connections,
                WarmupSeconds = plan.WarmupSeconds,
                Seed = plan.Seed,
            },
        };
        return result with { Warnings = [.. Pace.Warnings(result)] };
    }

    private static async Task<IReadOnlyList<ServerSample>> WatchAsync(Observer observer, Recorder recorder, LoadPlan plan, Scenario scenario, Terminal terminal, CancellationToken cancellation)
    {
        var samples = new List<ServerSample>();
        var interval = plan.Seconds <= ShortSeconds ? s_shortInterval : s_interval;
        for (long next = recorder.From; ;)
        {
            long now = Clock.Now;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Clock.Milliseconds(Math.Max(next, now) - now))), CancellationToken.None);
            now = Clock.Now;
            // The last interval ends with the load, not when the last answer came.
            if (cancellation.IsCancellationRequested || now >= recorder.To) break;
            var sample = await observer.SampleAsync(recorder.From, cancellation);
            // The first one only says where to count from.
            if (next > recorder.From)
            {
                samples.Add(sample);
                if (recorder.Cut(now) is { } point) terminal.Progress(scenario, plan, point, sample);
            }
            // An interval that was cut late does not make the next one short: a short one has few requests and wild rates.
            next = Math.Max(next, now - Clock.Ticks(interval.TotalSeconds / 4)) + Clock.Ticks(interval.TotalSeconds);
        }
        long end = Math.Min(Clock.Now, recorder.To);
        if (end - recorder.LastCut > Clock.Ticks(interval.TotalSeconds / 2))
        {
            samples.Add(await observer.SampleAsync(recorder.From, CancellationToken.None));
            recorder.Cut(end);
        }
        return samples;
    }
}
