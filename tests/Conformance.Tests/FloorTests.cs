using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Reporting;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class FloorTests
{
    [Fact]
    public void As_many_recorded_results_hold_as_ever()
    {
        var line = new CommandLine { Golden = [GoldenFiles.Tier1, GoldenFiles.Tier2], Programs = GoldenFiles.Programs };

        var report = ConformanceRun.Execute(line, () => new EngineBackend());

        Assert.Empty(Floor.Read(GoldenFiles.Floor).Shortfalls(report));
    }
}
