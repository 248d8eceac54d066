using System.Globalization;
using AutogradService.Fuzz.Cases;

namespace AutogradService.Fuzz;

/// <summary>What the program can be told to do.</summary>
internal static class CommandLine
{
    private const string Usage = """
        run MINUTES [SEED]     attacks of every kind, and every half minute what is left in memory; prints what was found and what was met. Exit code 1: something was found, or memory grows
        scenarios [NAME]       hostile crowds and misfortunes, one after the other: those whose names hold NAME
        replay FILE            sends a case of an earlier run again
        client ADDRESS ID      what the scenarios start in order to kill it
        """;

    private static string Folder => Path.Combine(Environment.CurrentDirectory, "artifacts", "fuzz");

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["run", var minutes, .. var rest] when double.TryParse(minutes, CultureInfo.InvariantCulture, out double time):
                return await FuzzAsync(TimeSpan.FromMinutes(time), SeedOf(rest));
            case ["scenarios", .. var names]: return await ScenariosAsync(names is [var name] ? name : "");
            case ["client", var address, var session]:
                await Faults.ProcessFaults.ClientAsync(address, session);
                return 0;
            case ["replay", var file]: return await ReplayAsync(file);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static int SeedOf(string[] rest) => rest is [var seed] ? int.Parse(seed, CultureInfo.InvariantCulture) : Random.Shared.Next();

    private static async Task<int> FuzzAsync(TimeSpan time, int seed)
    {
        Console.WriteLine($"fuzz: seed {seed}, {time.TotalMinutes} minutes, findings go to {Folder}");
        await using var run = await FuzzRun.StartAsync(Folder, Console.Out);
        await run.RunAsync(seed, time, long.MaxValue);
        Console.WriteLine(run.Tally.Print());
        Console.WriteLine($"fuzz: {run.Cases} cases, {run.Findings.Kinds.Count} findings");
        foreach (string fault in run.Findings.Faults) Console.WriteLine("  " + fault.Split('\n')[0]);
        return run.Findings.Kinds.Count == 0 ? 0 : 1;
    }

    private static async Task<int> ScenariosAsync(string name)
    {
        int faults = 0;
        var tally = new Oracles.Tally();
        foreach (var scenario in Scenario.All.Where(s => s.Name.Contains(name, StringComparison.Ordinal)))
        {
            string? fault;
            try
            {
                fault = await scenario.RunAsync(tally);
            }
            catch (InvalidOperationException e)
            {
                fault = e.ToString();
            }
            Console.WriteLine($"{scenario.Name}: {fault ?? "ok"}");
            if (fault is not null) faults++;
        }
        Console.WriteLine("reasons met: " + string.Join(", ", tally.Names("reason")));
        return faults == 0 ? 0 : 1;
    }

    private static async Task<int> ReplayAsync(string file)
    {
        await using var run = await FuzzRun.StartAsync(Folder, Console.Out);
        string? fault = await run.ReplayAsync(FuzzCase.Read(await File.ReadAllTextAsync(file)));
        Console.WriteLine(fault ?? "no fault");
        return fault is null ? 0 : 1;
    }
}
