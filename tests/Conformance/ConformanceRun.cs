using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;
using AutogradService.Conformance.Replay;
using AutogradService.Conformance.Reporting;

namespace AutogradService.Conformance;

/// <summary>Replays archives and programs, each case in a session of its own.</summary>
internal static class ConformanceRun
{
    /// <summary>Replays what the command line names.</summary>
    public static RunReport Execute(CommandLine line, Func<IBackend> open) => new(
        [.. line.Golden.Select(path => ReplayArchive(path, line.Op, open))],
        line.Programs is { } programs ? ReplayPrograms(programs, open) : null);

    private static ArchiveReport ReplayArchive(string path, string? op, Func<IBackend> open)
    {
        var report = new ArchiveReport(Path.GetFileName(path));
        foreach (var @case in OpArchive.Read(path, name => op is null || name == op || name.StartsWith(op + '.', StringComparison.Ordinal)))
            report.Add(OpReplay.Run(@case, open));
        return report;
    }

    private static ProgramsReport ReplayPrograms(string path, Func<IBackend> open) =>
        new(Path.GetFileName(path), [.. GraphProgram.ReadLines(path).Select((json, line) => ProgramReplay.Run(line, json, open))]);
}
