using System.CommandLine;
using AutogradService.Client;
using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Commands;

/// <summary>Commands that run several loads, or unusual ones, and judge what comes of them.</summary>
internal sealed class ExperimentCommands(CommonOptions options)
{
    private const string HeavyScenario = "heavy-function";
    private const double PeakSeconds = 4;
    private const double PeakWarmup = 1;
    private const int RoomForOthers = 16;
    private const double CrowdBytesMax = 500e6;
    private const double Megabyte = 1e6;

    /// <summary>The knee.</summary>
    public Command Sweep()
    {
        var seconds = Seconds(5);
        var command = options.Command("sweep", "Finds the most that a closed loop achieves, offers rising shares of it, and marks the knee.", options.Scenario, seconds);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            string name = line.GetRequiredValue(options.Scenario);
            var opened = await OpenAsync(line, ScenarioList.Find(name)!.ServerSettings, cancellation);
            await using var site = opened.Site;
            var plan = options.Plan(line, name) with { Seconds = line.GetValue(seconds), WarmupSeconds = PeakWarmup };
            var (sweep, runs) = await Experiments.Sweep.RunAsync(plan, site, terminal, cancellation);
            string knee = sweep.Knee is { } at ? FormattableString.Invariant($"{sweep.Points[at].Offered:0.#} requests/s") : "below the lowest rate";
            terminal.Say($"knee: {knee}");
            return opened.Report("sweep", $"{name}: throughput against offered load") with
            {
                Runs = runs,
                Sweep = sweep,
                Facts = [new Fact("Closed-loop peak", FormattableString.Invariant($"{sweep.ClosedLoopPeak:0.#} requests/s")), new Fact("Knee", knee), new Fact("What a request does", ScenarioList.Find(name)!.Description)],
            };
        }, cancellation));
        return command;
    }

    /// <summary>A long time at a share of the peak.</summary>
    public Command Soak()
    {
        var minutes = new Option<double>("--minutes", "-m") { Description = "how long", DefaultValueFactory = static _ => 30 };
        var load = new Option<double>("--load") { Description = "share of the peak", DefaultValueFactory = static _ => 0.8 };
        CommonOptions.Within(minutes, 0.1, 100_000);
        CommonOptions.Within(load, 0.01, 2);
        var scenario = ScenarioOr("mixed-tenants");
        var command = options.Command("soak", "Runs a share of the peak for long and says whether the server's memory, heap, threads and files stay flat.", scenario, minutes, load);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            string name = line.GetValue(scenario)!;
            var opened = await OpenAsync(line, ScenarioList.Find(name)!.ServerSettings, cancellation);
            await using var site = opened.Site;
            var plan = options.Plan(line, name) with { Seconds = PeakSeconds, WarmupSeconds = PeakWarmup };
            var peak = await Peak.FindAsync(plan, site, terminal, cancellation);
            double rate = peak.Throughput * line.GetValue(load);
            terminal.Say(FormattableString.Invariant($"soaking at {rate:0.#} requests/s for {line.GetValue(minutes):0.#} minutes"));
            var run = await LoadRun.RunAsync(plan with { Rate = rate, Seconds = line.GetValue(minutes) * 60, WarmupSeconds = 5, Label = "soak" }, site, terminal, cancellation);
            terminal.Show(run);
            return opened.Report("soak", FormattableString.Invariant($"{name}: {line.GetValue(minutes):0.#} minutes at {line.GetValue(load):P0} of the peak")) with { Runs = [run], Checks = [.. Experiments.Soak.Look(run)] };
        }, cancellation));
        return command;
    }

    /// <summary>Several times the peak.</summary>
    public Command Overload()
    {
        var times = new Option<double>("--times") { Description = "how many times the peak", DefaultValueFactory = static _ => 4 };
        CommonOptions.Within(times, 1, 100);
        var seconds = Seconds(10);
        var scenario = ScenarioOr(HeavyScenario);
        var command = options.Command("overload", "Finds the peak, offers several times as much, and judges goodput and refusals.", scenario, times, seconds, options.Concurrency);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            string name = line.GetValue(scenario)!;
            int lanes = line.GetValue(options.Concurrency) ?? 1024;
            var opened = await OpenAsync(line, [.. ScenarioList.Find(name)!.ServerSettings, $"Limits:SessionsMax={2 * lanes + 1024}"], cancellation);
            await using var site = opened.Site;
            var plan = options.Plan(line, name) with { Seconds = PeakSeconds, WarmupSeconds = PeakWarmup };
            var peak = await Peak.FindAsync(plan, site, terminal, cancellation);
            double factor = line.GetValue(times);
            var over = await LoadRun.RunAsync(
                plan with { Rate = peak.Throughput * factor, Lanes = lanes, WaitingMax = 0, Seconds = line.GetValue(seconds), WarmupSeconds = 2, Label = FormattableString.Invariant($"{factor:0.#} times the peak") }, site, terminal, cancellation);
            terminal.Show(over);
            return opened.Report("overload", FormattableString.Invariant($"{name}: {factor:0.#} times the peak")) with { Runs = [peak, over], Checks = [.. Experiments.Overload.Look(peak, over, factor)] };
        }, cancellation));
        return command;
    }

    /// <summary>A light session beside heavy ones.</summary>
    public Command Fairness()
    {
        var seconds = Seconds(10);
        var rate = new Option<double>("--rate", "-r") { Description = "requests a second of the light session", DefaultValueFactory = static _ => 50 };
        CommonOptions.Within(rate, 0.1, 10_000);
        var command = options.Command("fairness", "Measures a light session alone, then beside heavy ones.", seconds, rate);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            var opened = await OpenAsync(line, [], cancellation);
            await using var site = opened.Site;
            var plan = options.Plan(line, "light-session") with { Rate = line.GetValue(rate), Lanes = 1, Seconds = line.GetValue(seconds), WarmupSeconds = 2 };
            var runs = await Experiments.Fairness.RunAsync(plan, site, terminal, cancellation);
            return opened.Report("fairness", "A light session beside heavy ones") with { Runs = runs, Checks = [.. Experiments.Fairness.Look(runs)] };
        }, cancellation));
        return command;
    }

    /// <summary>What sessions cost that do nothing.</summary>
    public Command Idle()
    {
        var sessions = new Option<int>("--sessions", "-n") { Description = "how many", DefaultValueFactory = static _ => 10_000 };
        CommonOptions.Within(sessions, 1, 1_000_000);
        var streams = new Option<bool>("--open-streams") { Description = "each keeps its stream open" };
        var command = options.Command("idle", "Opens sessions that then do nothing, and says what the server needs for them.", sessions, streams);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            int count = line.GetValue(sessions);
            bool open = line.GetValue(streams);
            return await CrowdAsync(line, count, open ? CallMode.Pipelined : CallMode.Unary, workSeconds: 0, terminal, cancellation);
        }, cancellation));
        return command;
    }

    /// <summary>Streams that all work.</summary>
    public Command Streams()
    {
        var streams = new Option<int>("--count", "-n") { Description = "how many", DefaultValueFactory = static _ => 1000 };
        CommonOptions.Within(streams, 1, 100_000);
        var seconds = Seconds(10);
        var command = options.Command("streams", "Opens streams and lets all of them work at the same time.", streams, seconds);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, terminal =>
            CrowdAsync(line, line.GetValue(streams), CallMode.Pipelined, line.GetValue(seconds), terminal, cancellation), cancellation));
        return command;
    }

    private async Task<LoadReport> CrowdAsync(ParseResult line, int count, CallMode mode, double workSeconds, Terminal terminal, CancellationToken cancellation)
    {
        var opened = await OpenAsync(line, [$"Limits:SessionsMax={count + RoomForOthers}", .. mode == CallMode.Pipelined ? [$"Limits:CallsMax={count + 4096}"] : (string[])[]], cancellation);
        await using var site = opened.Site;
        await using var target = site.Connect(Math.Max(line.GetValue(options.Connections), 1));
        var (sessions, leaves, cost) = await Crowd.OpenAsync(target, site, count, mode, terminal, cancellation);
        var runs = new List<RunResult>();
        var checks = new List<Check> { new("all sessions are open", FormattableString.Invariant($"{sessions.Length:N0} in {cost.OpeningSeconds:0.0} s"), sessions.Length == count) };
        if (workSeconds > 0)
        {
            var run = await Crowd.WorkAsync(sessions, leaves, workSeconds, terminal, cancellation);
            terminal.Show(run);
            runs.Add(run);
            checks.Add(new("every one works", FormattableString.Invariant($"{run.Latency.Count:N0} answers, {run.ErrorCount:N0} errors"), run.ErrorCount == 0 && run.Latency.Count >= count));
        }
        if (cost.Bytes is { } bytes)
        {
            checks.Add(new(FormattableString.Invariant($"they fit in {CrowdBytesMax / Megabyte:0} MB above the empty server"),
                FormattableString.Invariant($"{bytes / Megabyte:0.0} MB above {cost.EmptyBytes / Megabyte:0.0} MB: {bytes / (double)count:N0} bytes each{(cost.HeapBytes is { } heap ? FormattableString.Invariant($"; heap after its last collection {heap / Megabyte:0.0} MB") : "")}"), bytes <= CrowdBytesMax));
        }
        await Crowd.CloseAsync(sessions, cancellation);
        return opened.Report(workSeconds > 0 ? "streams" : "idle", FormattableString.Invariant($"{count:N0} {(mode == CallMode.Pipelined ? "sessions with open streams" : "sessions without streams")}")) with { Runs = runs, Checks = checks };
    }

    private static Option<string> ScenarioOr(string name)
    {
        var option = new Option<string>("--scenario", "-s") { Description = "what requests are, see 'list'", DefaultValueFactory = _ => name };
        option.AcceptOnlyFromAmong([.. ScenarioList.All.Select(static s => s.Name)]);
        return option;
    }

    private static Option<double> Seconds(double seconds)
    {
        var option = new Option<double>("--duration", "-d") { Description = "seconds that are measured each time", DefaultValueFactory = _ => seconds };
        CommonOptions.Within(option, 0.1, 86_400);
        return option;
    }

    private async Task<Opened> OpenAsync(ParseResult line, IEnumerable<string> settings, CancellationToken cancellation)
    {
        var site = await Site.OpenAsync(options.Site(line), settings, cancellation);
        try
        {
            return new Opened(site, DateTimeOffset.Now, await site.DescribeAsync(cancellation));
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    private sealed record Opened(Site Site, DateTimeOffset Started, MachineFacts Machine)
    {
        public LoadReport Report(string kind, string title) => new() { Kind = kind, Title = title, Started = Started, Machine = Machine };
    }
}
