using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Gradients without a session and without a call for each.</summary>
internal sealed class FunctionStreamCalls : Scenario
{
    private const int Calls = 32;

    public override string Name => "function-stream";

    public override string Description => "The same by a stream of calls: 32 given together, all answers awaited.";

    public override string Unit => "call";

    public override double UnitsPerRequest => Calls;

    public override int Concurrency => 4;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var client = await target.OpenClientAsync(index, cancellation);
        var stream = BceExample.Trace(client).OpenStream();
        bool failed = false;
        return new Lane(async token =>
        {
            var asked = new Task<ValueAndGrad>[Calls];
            for (int i = 0; i < asked.Length; i++) asked[i] = stream.CallAsync(BceExample.Inputs);
            try
            {
                foreach (var answer in await Task.WhenAll(asked).WaitAsync(token)) BceExample.Check(answer);
            }
            catch
            {
                // A stream that broke stays broken, and nothing else tells.
                failed = true;
                throw;
            }
        })
        {
            IsUsable = () => !failed,
            Close = async () =>
            {
                await stream.DisposeAsync();
                await client.DisposeAsync();
            },
        };
    }
}
