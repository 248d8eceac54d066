using System.Text.Json;
using AutogradService.Conformance.Replay;

namespace AutogradService.Conformance.Reporting;

/// <summary>The counts of passes, by file and stage, below which a run must not fall.</summary>
internal sealed class Floor
{
    private const string Programs = "Programs";
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    private readonly SortedDictionary<string, SortedDictionary<string, int>> _passed;

    private Floor(SortedDictionary<string, SortedDictionary<string, int>> passed) => _passed = passed;

    /// <summary>The floor that a report just meets.</summary>
    public static Floor Of(RunReport report)
    {
        var passed = new SortedDictionary<string, SortedDictionary<string, int>>(StringComparer.Ordinal);
        foreach (var archive in report.Archives)
            passed[archive.Name] = new(Enum.GetValues<Stage>().ToDictionary(stage => stage.ToString(), stage => archive.Total[stage, Verdict.Passed]), StringComparer.Ordinal);
        if (report.Programs is { } programs)
            passed[programs.Name] = new(StringComparer.Ordinal) { [Programs] = programs.Count(Verdict.Passed) };
        return new Floor(passed);
    }

    /// <summary>Reads a floor file.</summary>
    public static Floor Read(string path) =>
        new(JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, int>>>(File.ReadAllText(path))
            ?? throw new FormatException("The floor is null."));

    /// <summary>Writes a floor file.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(_passed, s_options) + "\n");

    /// <summary>Where a report falls below this floor, in words.</summary>
    public IReadOnlyList<string> Shortfalls(RunReport report)
    {
        var reached = Of(report)._passed;
        return
        [
            .. from file in _passed
               from stage in file.Value
               let now = reached.GetValueOrDefault(file.Key)?.GetValueOrDefault(stage.Key) ?? 0
               where now < stage.Value
               select $"{file.Key} {stage.Key}: {now} passed, the floor is {stage.Value}",
        ];
    }
}
