using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>What a client without a stream does: a call for each command.</summary>
internal sealed class UnaryOps : Scenario
{
    public override string Name => "unary-ops";

    public override string Description => "exp of 4 elements by ApplyOp, its value by GetTensor, and ReleaseTensors: three unary calls, one after another.";

    public override string Unit => "call";

    public override double UnitsPerRequest => 3;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, CallMode.Unary, cancellation);
        var x = session.Zeros([4]);
        return SessionLane.Of(session, async token =>
        {
            using (var y = x.Exp()) SessionLane.Require((await y.ToArrayAsync<float>(token))[3] == 1, "exp(0)");
            await session.FlushAsync(token);
        });
    }
}
