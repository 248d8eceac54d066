using System.CommandLine;
using AutogradService.LoadTests.Commands;

var options = new CommonOptions();
var root = new RootCommand("Load tests of an AutogradService server, with reports.")
{
    ListCommand.Make(),
    RunCommand.Make(options),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
