using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Many small commands that depend on each other, and one answer.</summary>
internal sealed class PipelinedChain : Scenario
{
    private const int Pairs = 500;

    public override string Name => "pipelined-chain";

    public override string Description => "1,000 dependent ops on 4 elements through the stream, backward through all of them, and the leaf's gradient fetched.";

    public override string Unit => "op";

    public override double UnitsPerRequest => 2 * Pairs;

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var x = session.Ones([4], requiresGrad: true);
        Tensor a = session.Ones([4]), b = session.Zeros([4]), seed = session.Full([4], 3);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            var y = x;
            for (int i = 0; i < Pairs; i++) y = y.Mul(a).Add(b);
            y.Backward(seed);
            var gradient = x.Grad.ToArrayAsync<float>(token);
            x.SetGrad(null);
            SessionLane.Require((await gradient)[0] == 3, "the gradient of a chain of ones");
        });
    }
}
