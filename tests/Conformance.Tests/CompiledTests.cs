using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Replay;
using Xunit;

namespace AutogradService.Conformance.Tests;

/// <summary>The recordings once more, as compiled functions: the engine's own bits.</summary>
public sealed class CompiledTests
{
    [Fact]
    public void Recorded_programs_and_ops_compile_to_the_same_bits()
    {
        var counts = new CompiledCounts();
        var report = ConformanceRun.Execute(new CommandLine { Programs = GoldenFiles.Programs, Golden = [GoldenFiles.Tier1] }, () => new CompiledBackend(counts));
        Assert.Empty(counts.Different);
        Assert.True(counts.ValueDependent < counts.Values / 50, $"{counts.ValueDependent} of {counts.Values} values cannot be had from functions");
        Assert.True(counts.BitEqual > 8_000, $"{counts.BitEqual} values were compared");
        Assert.All(report.Programs!.Findings, finding => Assert.Equal(Verdict.Passed, finding.Verdict));
    }
}
