using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Training by a recorded function: one call a step.</summary>
internal sealed class FunctionStep : Scenario
{
    public override string Name => "function-step";

    public override string Description => "The same step of an MLP by CallFunction: inputs sent, forward, backward, SGD on the session's weights, loss back; one unary call.";

    public override string Unit => "step";

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var weights = Mlp.Weights(session);
        var loss = session.Trace((x, labels) => Mlp.Loss(x, labels, weights), ["batch", Mlp.Features], TensorSpec.Of(DType.Int64, "batch"));
        var optimizer = session.Optimizer(new Sgd(0.001), weights);
        return SessionLane.Of(session, async token =>
        {
            var answer = await loss.StepAsync(optimizer, [Mlp.Inputs, Mlp.Labels], null, null, token);
            SessionLane.Require(float.IsFinite(answer.Values[0].Item<float>()), "the loss is not finite");
        });
    }
}
