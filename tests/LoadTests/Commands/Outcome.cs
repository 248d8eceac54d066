using System.CommandLine;
using AutogradService.Client;
using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Commands;

/// <summary>How commands end: with a report, and 0 (all demands met), 1 (one was not), 3 (the load could not be run) or 130 (interrupted).</summary>
internal static class Outcome
{
    private const int Met = 0;
    private const int NotMet = 1;
    /// <summary>The load could not be run.</summary>
    public const int NotRun = 3;

    private const int Interrupted = 130;

    /// <summary>Runs a command and writes its report.</summary>
    public static async Task<int> RunAsync(CommonOptions options, ParseResult line, Func<Terminal, Task<LoadReport>> measure, CancellationToken cancellation)
    {
        var terminal = Terminal.OfConsole();
        try
        {
            var report = await measure(terminal);
            terminal.Show(report.Checks);
            if (line.GetValue(options.Report) is { } folder) terminal.Say($"report: {await ReportFiles.WriteAsync(report, folder.FullName)}");
            return report.Checks.All(static c => c.Passed) ? Met : NotMet;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Say("interrupted");
            return Interrupted;
        }
        catch (Exception e) when (e is AutogradException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            terminal.Clear();
            await Console.Error.WriteLineAsync(e.Message);
            return NotRun;
        }
    }
}
