using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Whether those that do nothing cost those that do something.</summary>
internal sealed class IdleSessions : Scenario
{
    private const int Idle = 500;
    private readonly List<AutogradSession> _sessions = [];
    private int _next;

    public override string Name => "idle-sessions";

    public override string Description => "500 sessions with open streams are held; each request wakes the next one for an op and its value.";

    public override string Unit => "op";

    public override async Task PrepareAsync(Target target, CancellationToken cancellation)
    {
        for (int i = 0; i < Idle; i++) _sessions.Add(await target.OpenSessionAsync(i, cancellation));
    }

    public override Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation) => Task.FromResult(new Lane(async token =>
    {
        var session = _sessions[(int)((uint)Interlocked.Increment(ref _next) % Idle)];
        using var x = session.Ones([4]);
        using var y = x.Neg();
        SessionLane.Require((await y.ToArrayAsync<float>(token))[0] == -1, "-1");
    }));

    public override async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_sessions.Select(static async session => await session.DisposeAsync()));
        await base.DisposeAsync();
    }
}
