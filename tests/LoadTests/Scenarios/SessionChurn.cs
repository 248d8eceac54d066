namespace AutogradService.LoadTests.Scenarios;

/// <summary>Clients that come and go.</summary>
internal sealed class SessionChurn : Scenario
{
    public override string Name => "session-churn";

    public override string Description => "A session created, its stream opened, the square of a leaf differentiated, the gradient fetched, the session deleted.";

    public override string Unit => "session";

    public override Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation) => Task.FromResult(new Lane(async token =>
    {
        await using var session = await target.OpenSessionAsync(index, token);
        var x = session.Full([4], 3.0, requiresGrad: true);
        x.Mul(x).Sum().Backward();
        SessionLane.Require((await x.Grad.ToArrayAsync<float>(token))[0] == 6, "the gradient of a square");
    }));
}
