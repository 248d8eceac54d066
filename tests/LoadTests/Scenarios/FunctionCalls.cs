namespace AutogradService.LoadTests.Scenarios;

/// <summary>Gradients without a session.</summary>
internal sealed class FunctionCalls : Scenario
{
    public override string Name => "function";

    public override string Description => "x(5) @ w(5,3) + b with BCE by CallFunction: value and both gradients in one unary call, no session.";

    public override string Unit => "call";

    public override int Concurrency => 16;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var client = await target.OpenClientAsync(index, cancellation);
        var function = BceExample.Trace(client);
        return new Lane(async token => BceExample.Check(await function.ValueAndGradAsync(BceExample.Inputs, token))) { Close = client.DisposeAsync };
    }
}
