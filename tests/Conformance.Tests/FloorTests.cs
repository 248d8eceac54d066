using AutogradService.Client;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Reporting;
using AutogradService.Testing;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class FloorTests
{
    private static readonly CommandLine s_programs = new() { Programs = GoldenFiles.Programs };

    [Fact]
    public void As_many_recorded_results_hold_as_ever()
    {
        var report = ConformanceRun.Execute(s_programs with { Golden = [GoldenFiles.Tier1, GoldenFiles.Tier2] }, () => new EngineBackend());

        Assert.Empty(Floor.Read(GoldenFiles.Floor).Shortfalls(report));
    }

    [Fact]
    public async Task Programs_go_over_the_wire_as_through_the_engine()
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Grpc.GetLeftPart(UriPartial.Authority);

        // The replay blocks its thread: not this one.
        var wire = await Task.Run(() => ConformanceRun.Execute(s_programs, () => WireBackend.Connect(address, CallMode.Pipelined)));

        Assert.Equal(ConformanceRun.Execute(s_programs, () => new EngineBackend()).Programs!.Findings, wire.Programs!.Findings);
    }
}
