using System.CommandLine;
using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Commands;

/// <summary>One load.</summary>
internal static class RunCommand
{
    public static Command Make(CommonOptions options)
    {
        var failIf = new Option<string[]>("--fail-if") { Description = "exit code 1 if so: \"p99>20ms\", \"throughput<1000\", \"errors>0\"; may be repeated", AllowMultipleArgumentsPerToken = true };
        failIf.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
                if (Demand.Parse(token.Value) is null) result.AddError($"'{token.Value}' is no condition such as \"p99>20ms\"");
        });
        var command = options.Command("run", "Runs one load: an open loop with --rate, else a closed one.", options.Scenario, options.Rate, options.Arrivals, options.Concurrency, options.Seconds, options.Warmup, failIf);
        command.SetAction((line, cancellation) => Outcome.RunAsync(options, line, async terminal =>
        {
            string name = line.GetRequiredValue(options.Scenario);
            var scenario = ScenarioList.Find(name)!;
            await using var site = await Site.OpenAsync(options.Site(line), scenario.ServerSettings, cancellation);
            var started = DateTimeOffset.Now;
            var machine = await site.DescribeAsync(cancellation);
            var plan = options.Plan(line, name) with
            {
                Rate = line.GetValue(options.Rate),
                Arrivals = line.GetValue(options.Arrivals),
                Lanes = line.GetValue(options.Concurrency),
                Seconds = line.GetValue(options.Seconds),
                WarmupSeconds = line.GetValue(options.Warmup),
            };
            var run = await LoadRun.RunAsync(plan, site, terminal, cancellation);
            terminal.Show(run);
            return new LoadReport
            {
                Kind = "run",
                Title = $"{name}, {(plan.Rate is { } rate ? FormattableString.Invariant($"open loop at {rate:G6} requests/s") : $"closed loop of {run.Settings!.Lanes}")}",
                Started = started,
                Machine = machine,
                Facts = [new Fact("What a request does", scenario.Description)],
                Runs = [run],
                Checks = [.. (line.GetValue(failIf) ?? []).Select(text => Demand.Parse(text)!.Look(run))],
            };
        }, cancellation));
        return command;
    }
}
