using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Tests;

/// <summary>Every scenario for a moment, against a server of its own, through the whole program's path.</summary>
public sealed class ScenarioTests(ScenarioTests.Server server) : IClassFixture<ScenarioTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        internal Site Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Site = await Site.OpenAsync(new SiteOptions(), ["Limits:SessionsMax=5000"], CancellationToken.None);

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }

    public static TheoryData<string> Names => [.. ScenarioList.All.Select(static s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_closed_loop_has_answers_and_no_errors(string name)
    {
        using var output = new StringWriter();
        // No warming up: the first requests count, however slow the machine.
        var plan = new LoadPlan { Scenario = name, Seconds = 1, WarmupSeconds = 0, Lanes = 4, Connections = 2 };
        var run = await LoadRun.RunAsync(plan, server.Site, new Terminal(output, rewrites: false), CancellationToken.None);
        Assert.Empty(run.Errors);
        Assert.Equal(run.Due, run.Latency.Count);
        Assert.True(run.Latency.Count > 0);
        Assert.NotEmpty(run.Timeline);
        if (OperatingSystem.IsLinux()) Assert.Contains(run.Server, static s => s is { ResidentBytes: > 0, Threads: > 0, Handles: > 0, Cores: >= 0 });
    }

    [Fact]
    public async Task An_open_loop_has_answers_and_no_errors()
    {
        using var output = new StringWriter();
        var plan = new LoadPlan { Scenario = "mixed-tenants", Seconds = 1, WarmupSeconds = 0, Lanes = 8, Rate = 12, Patience = TimeSpan.FromSeconds(100), Timeout = TimeSpan.FromSeconds(100) };
        var run = await LoadRun.RunAsync(plan, server.Site, new Terminal(output, rewrites: false), CancellationToken.None);
        Assert.Empty(run.Errors);
        Assert.Equal(run.Due, run.Latency.Count + run.NotStarted);
        Assert.Equal(["heavy", "light"], run.Tenants.Select(static t => t.Name));
        Assert.Contains("mixed-tenants: opening 8 lanes", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Site.OpenAsync(new SiteOptions { ServerSettings = ["Limits:SessionsMax=0"] }, [], CancellationToken.None));
        Assert.Contains("SessionsMax", failure.Message, StringComparison.Ordinal);
    }
}
