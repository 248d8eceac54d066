using System.CommandLine;
using AutogradService.LoadTests.Commands;

var options = new CommonOptions();
var experiments = new ExperimentCommands(options);
var root = new RootCommand("Load tests of an AutogradService server, with reports.")
{
    ListCommand.Make(),
    RunCommand.Make(options),
    experiments.Sweep(),
    experiments.Soak(),
    experiments.Overload(),
    experiments.Fairness(),
    experiments.Idle(),
    experiments.Streams(),
    CompareCommand.Make(options),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
