using AutogradService.Fuzz.Oracles;

namespace AutogradService.Fuzz.Tests;

/// <summary>The quick ones of the scenarios; the others are for `scenarios` of the program.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [InlineData("session flood")]
    [InlineData("strangers")]
    [InlineData("server memory")]
    [InlineData("small messages")]
    [InlineData("heap limit")]
    [InlineData("clients killed")]
    [InlineData("clock jumps back")]
    [InlineData("clock jumps forth and back")]
    public async Task The_server_survives(string name) => Assert.Null(await Scenario.All.Single(s => s.Name == name).RunAsync(new Tally()));
}
