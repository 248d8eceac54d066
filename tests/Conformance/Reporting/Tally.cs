using AutogradService.Conformance.Replay;

namespace AutogradService.Conformance.Reporting;

/// <summary>Counts of verdicts, by stage.</summary>
internal sealed class Tally
{
    private static readonly int s_verdicts = Enum.GetValues<Verdict>().Length;
    private readonly int[] _counts = new int[Enum.GetValues<Stage>().Length * s_verdicts];

    /// <summary>The count of a verdict at a stage.</summary>
    public int this[Stage stage, Verdict verdict]
    {
        get => _counts[((int)stage * s_verdicts) + (int)verdict];
        private set => _counts[((int)stage * s_verdicts) + (int)verdict] = value;
    }

    /// <summary>Counts a finding.</summary>
    public void Add(Finding finding) => this[finding.Stage, finding.Verdict]++;

    /// <summary>Adds another tally's counts.</summary>
    public void Add(Tally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>The count of a verdict over the stages that judge behaviour; metadata and wording have their own columns.</summary>
    public int Behaviour(Verdict verdict) =>
        this[Stage.Forward, verdict] + this[Stage.Gradient, verdict] + this[Stage.DoubleGradient, verdict] + this[Stage.Error, verdict];

    /// <summary>The counts of a stage in the order passed, failed, not supported, out of scope.</summary>
    public int[] Of(Stage stage) => [.. Enum.GetValues<Verdict>().Select(verdict => this[stage, verdict])];
}
