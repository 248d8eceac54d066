using AutogradService.Conformance.Replay;

namespace AutogradService.Conformance.Reporting;

/// <summary>What came of the cases of one archive.</summary>
internal sealed class ArchiveReport(string name)
{
    private readonly SortedDictionary<string, Tally> _ops = new(StringComparer.Ordinal);
    private readonly List<Finding> _notPassed = [];
    private readonly List<Finding> _excused = [];

    /// <summary>The archive's file name.</summary>
    public string Name { get; } = name;

    /// <summary>Counts by OpInfo name.</summary>
    public IReadOnlyDictionary<string, Tally> Ops => _ops;

    /// <summary>Counts over all ops.</summary>
    public Tally Total { get; } = new();

    /// <summary>Everything that did not pass, in the order of the archive.</summary>
    public IReadOnlyList<Finding> NotPassed => _notPassed;

    /// <summary>What passed although it misses the recording, as the recording is the less exact one (<see cref="Exactness"/>).</summary>
    public IReadOnlyList<Finding> Excused => _excused;

    /// <summary>Counts the findings of a case.</summary>
    public void Add(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            if (!_ops.TryGetValue(finding.Case.File.Name, out var tally))
                _ops.Add(finding.Case.File.Name, tally = new Tally());
            tally.Add(finding);
            Total.Add(finding);
            if (finding.Verdict != Verdict.Passed)
                _notPassed.Add(finding);
            else if (finding.Note is not null)
                _excused.Add(finding);
        }
    }
}

/// <summary>What came of the programs of one file.</summary>
internal sealed record ProgramsReport(string Name, IReadOnlyList<ProgramFinding> Findings)
{
    /// <summary>The count of a verdict.</summary>
    public int Count(Verdict verdict) => Findings.Count(finding => finding.Verdict == verdict);
}

/// <summary>What came of a run.</summary>
internal sealed record RunReport(IReadOnlyList<ArchiveReport> Archives, ProgramsReport? Programs)
{
    /// <summary>Whether any behaviour differs from PyTorch's.</summary>
    public bool HasFailures =>
        Archives.Any(archive => archive.Total.Behaviour(Verdict.Failed) > 0) || Programs?.Count(Verdict.Failed) > 0;
}
