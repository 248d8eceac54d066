using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Computing, and next to nothing else: what overload is offered with, for a generator on the same processors costs little beside it.</summary>
internal sealed class HeavyFunction : Scenario
{
    private const int Side = 1024;
    private static readonly float s_input = 1 / MathF.Sqrt(Side);
    private static readonly FunctionInput[] s_inputs = [new float[] { s_input }];

    public override string Name => "heavy-function";

    public override string Description => "mean(tanh(A @ A)) of a 1024 x 1024 matrix made of one number by CallFunction: four bytes there, value and gradient back, three products between, no session.";

    public override string Unit => "call";

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var client = await target.OpenClientAsync(index, cancellation);
        var function = client.Trace(static s =>
        {
            var a = s * s.NewOnes([Side, Side]);
            return a.Matmul(a).Tanh().Mean();
        }, [1]);
        return new Lane(async token =>
        {
            var answer = await function.ValueAndGradAsync(s_inputs, token);
            // Each element of the product is the side times the input's square: one.
            float tanh = MathF.Tanh(1), gradient = (1 - tanh * tanh) * 2 * Side * s_input;
            SessionLane.Require(Math.Abs(answer.Values[0].Item<float>() - tanh) < 1e-5f && Math.Abs(answer.Gradients[0].ToArray<float>()[0] - gradient) < 1e-4f * gradient, "the value and the gradient of a matrix of one number");
        }) { Close = client.DisposeAsync };
    }
}
