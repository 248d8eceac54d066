using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Tests;

/// <summary>Requests whose time a test decides, without a server.</summary>
/// <param name="request">What a request does; gets the lane.</param>
internal sealed class ScriptedScenario(Func<int, CancellationToken, Task> request) : Scenario
{
    private int _opened;

    /// <summary>Lanes opened so far.</summary>
    public int Opened => _opened;

    /// <summary>Whether a lane is of use after a request of its failed.</summary>
    public bool SurvivesFailure { get; init; } = true;

    public override string Name => "scripted";

    public override string Description => "What the test says.";

    public override string Unit => "request";

    public override Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _opened);
        return Task.FromResult(new Lane(token => request(index, token)) { IsUsable = () => SurvivesFailure });
    }
}
