using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>The throughput of backward alone: the graph is recorded once.</summary>
internal sealed class RetainedBackward : Scenario
{
    private const int Backwards = 8;
    private const int Batch = 32;
    private const int Features = 64;
    private const int Hidden = 128;
    private const int Classes = 10;

    public override string Name => "retained-backward";

    public override string Description => "8 times backward with retain_graph through one recorded two-layer network (batch 32, 64-128-10), gradients zeroed in place after each; one gradient fetched.";

    public override string Unit => "backward";

    public override double UnitsPerRequest => Backwards;

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        session.ManualSeed(1);
        Tensor w = session.Randn([Hidden, Features], requiresGrad: true), v = session.Randn([Classes, Hidden], requiresGrad: true), c = session.Zeros([Classes], requiresGrad: true);
        var labels = session.Tensor(new long[Batch]);
        var loss = session.Randn([Batch, Features]).Linear(w).Relu().Linear(v, c).CrossEntropy(labels);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            for (int i = 0; i < Backwards; i++)
            {
                if (i > 0) session.ZeroGrad([w, v, c], setToNone: false);
                loss.Backward(retainGraph: true);
            }
            var gradient = await c.Grad.ToArrayAsync<float>(token);
            session.ZeroGrad([w, v, c], setToNone: false);
            // Softmax sums to one, so the bias's gradient of a mean loss sums to nothing.
            SessionLane.Require(Math.Abs(gradient.ToArray().Sum()) < 1e-3, "the sum of the bias's gradient");
        });
    }
}
