using System.Text.Json;
using AutogradService.Conformance.Replay;

namespace AutogradService.Conformance.Reporting;

/// <summary>The report for machines.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes the report to a file.</summary>
    public static void Write(RunReport report, string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        new
        {
            Archives = report.Archives.Select(archive => new
            {
                archive.Name,
                Total = Counts(archive.Total),
                Ops = archive.Ops.ToDictionary(op => op.Key, op => Counts(op.Value)),
                MoreExact = archive.Excused.Select(Described),
                NotPassed = archive.NotPassed.Select(Described),
            }),
            Programs = report.Programs is not { } programs ? null : new
            {
                programs.Name,
                Total = Enum.GetValues<Verdict>().ToDictionary(Name, programs.Count),
                NotPassed = programs.Findings.Where(finding => finding.Verdict != Verdict.Passed)
                    .Select(finding => new { finding.Id, Verdict = Name(finding.Verdict), finding.Note }),
            },
        },
        s_options));

    private static object Described(Finding finding) => new
    {
        Op = finding.Case.File.Name,
        Dtype = finding.Case.File.DType,
        Case = finding.Case.Index,
        Stage = Name(finding.Stage),
        Verdict = Name(finding.Verdict),
        finding.Note,
    };

    private static Dictionary<string, Dictionary<string, int>> Counts(Tally tally) => Enum.GetValues<Stage>()
        .ToDictionary(Name, stage => Enum.GetValues<Verdict>().ToDictionary(Name, verdict => tally[stage, verdict]));

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
