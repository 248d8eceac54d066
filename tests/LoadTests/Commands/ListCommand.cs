using System.CommandLine;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Commands;

/// <summary>What there is to run.</summary>
internal static class ListCommand
{
    public static Command Make()
    {
        var command = new Command("list", "Tells the scenarios.");
        command.SetAction(static _ =>
        {
            foreach (var scenario in ScenarioList.All) Console.WriteLine($"{scenario.Name,-18} {scenario.Description}");
        });
        return command;
    }
}
