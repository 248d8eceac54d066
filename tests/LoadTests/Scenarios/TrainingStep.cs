using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Training written as ops, as in PyTorch.</summary>
internal sealed class TrainingStep : Scenario
{
    public override string Name => "training-step";

    public override string Description => "A step of an MLP 784-512-512-10, batch 64, op by op through the stream: inputs sent, forward, backward, SGD in place, loss fetched.";

    public override string Unit => "step";

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var weights = Mlp.Weights(session);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            Tensor x = session.Tensor<float>(Mlp.Inputs.AsMemory(), [Mlp.Batch, Mlp.Features]), labels = session.Tensor(Mlp.Labels);
            var loss = Mlp.Loss(x, labels, weights);
            loss.Backward();
            using (session.NoGrad())
                foreach (var w in weights) w.SubInPlace(w.Grad, alpha: 0.001);
            session.ZeroGrad(weights);
            SessionLane.Require(float.IsFinite(await loss.ItemAsync<float>(token)), "the loss is not finite");
        });
    }
}
