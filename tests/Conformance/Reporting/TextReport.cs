using System.Globalization;
using AutogradService.Conformance.Recordings;
using AutogradService.Conformance.Replay;

namespace AutogradService.Conformance.Reporting;

/// <summary>The report for people: a table of counts per op, totals, and what did not pass, with the reason.</summary>
internal static class TextReport
{
    private const int ExamplesPerOp = 4;

    private static readonly (string Title, Stage Stage)[] s_columns =
    [
        ("forward", Stage.Forward), ("gradient", Stage.Gradient), ("double", Stage.DoubleGradient),
        ("errors", Stage.Error), ("metadata", Stage.Metadata), ("messages", Stage.Message),
    ];

    /// <summary>Writes the report. <paramref name="verbose"/> lists every finding and every op, rather than examples and the ops with findings.</summary>
    public static void Write(RunReport report, TextWriter output, bool verbose)
    {
        foreach (var archive in report.Archives)
            WriteArchive(archive, output, verbose);
        if (report.Programs is { } programs)
            WritePrograms(programs, output);
    }

    private static void WriteArchive(ArchiveReport archive, TextWriter output, bool verbose)
    {
        output.WriteLine($"== {archive.Name}: passed/failed/not supported/out of scope");
        output.WriteLine(Row("op", s_columns.Select(column => column.Title)));
        foreach (var (op, tally) in archive.Ops)
            output.WriteLine(Row(op, Cells(tally)));
        output.WriteLine(Row("TOTAL", Cells(archive.Total)));
        output.WriteLine();
        foreach (var finding in archive.Excused)
            output.WriteLine($"MORE EXACT {finding.Stage,-14} {finding.Case.File.Name} {finding.Case.File.DType} #{finding.Case.Index} {Arguments(finding.Case)}: {finding.Note}");
        WriteFindings(archive, Verdict.Failed, output, verbose);
        WriteMissing(archive, output);
    }

    private static void WriteFindings(ArchiveReport archive, Verdict verdict, TextWriter output, bool verbose)
    {
        foreach (var group in archive.NotPassed.Where(finding => finding.Verdict == verdict).GroupBy(finding => finding.Case.File.Name))
        {
            var findings = group.Where(finding => verbose || finding.Stage != Stage.Message).ToList();
            foreach (var finding in verbose ? findings : findings.Take(ExamplesPerOp))
                output.WriteLine($"FAILED {finding.Stage,-14} {finding.Case.File.Name} {finding.Case.File.DType} #{finding.Case.Index} {Arguments(finding.Case)}: {finding.Note}");
            if (!verbose && findings.Count > ExamplesPerOp)
                output.WriteLine($"       ... and {findings.Count - ExamplesPerOp} more of {group.Key}");
        }
    }

    private static void WriteMissing(ArchiveReport archive, TextWriter output)
    {
        foreach (var group in archive.NotPassed.Where(finding => finding.Verdict is Verdict.NotSupported or Verdict.OutOfScope)
            .GroupBy(finding => (finding.Verdict, finding.Case.File.Name, finding.Note)))
            output.WriteLine($"{(group.Key.Verdict == Verdict.NotSupported ? "NOT SUPPORTED" : "OUT OF SCOPE")} {group.Key.Name}: {group.Key.Note} ({group.Select(finding => finding.Case).Distinct().Count()} cases)");
        output.WriteLine();
    }

    private static void WritePrograms(ProgramsReport programs, TextWriter output)
    {
        output.WriteLine($"== {programs.Name}: {programs.Count(Verdict.Passed)} passed, {programs.Count(Verdict.Failed)} failed, {programs.Count(Verdict.NotSupported)} not supported");
        foreach (var finding in programs.Findings.Where(finding => finding.Verdict != Verdict.Passed))
            output.WriteLine($"{(finding.Verdict == Verdict.Failed ? "FAILED" : "NOT SUPPORTED")} program {finding.Id}: {finding.Note}");
    }

    private static string Arguments(OpCase @case) =>
        $"({string.Join(", ", @case.Args.Prepend(@case.Input).Select(value => value.ToString()).Concat(@case.Kwargs.Select(keyword => $"{keyword.Key}={keyword.Value}")))})";

    private static IEnumerable<string> Cells(Tally tally) => s_columns.Select(column =>
        tally.Of(column.Stage) is var counts && counts.All(count => count == 0)
            ? "-"
            : string.Join('/', counts.Select(count => count.ToString(CultureInfo.InvariantCulture))));

    private static string Row(string op, IEnumerable<string> cells) => $"{op,-52} {string.Join(' ', cells.Select(cell => cell.PadLeft(15)))}";
}
