using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Light requests beside heavy ones; the report tells them apart.</summary>
internal sealed class MixedTenants : Scenario
{
    private const int Every = 4;
    private const int HeavySize = 512;
    private const int HeavyProducts = 8;

    public override string Name => "mixed-tenants";

    public override string Description => "Three of four lanes are light (an op on 4 elements, backward, gradient fetched), every fourth is heavy (eight products of 512 x 512 matrices).";

    public override string Unit => "request";

    /// <summary>A light lane: its time is all overhead.</summary>
    public static async Task<Lane> OpenLightAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var x = session.Zeros([4], requiresGrad: true);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            x.Exp().Sum().Backward();
            var gradient = x.Grad.ToArrayAsync<float>(token);
            x.SetGrad(null);
            SessionLane.Require((await gradient)[0] == 1, "the gradient of exp at 0");
        }, "light");
    }

    /// <summary>A heavy lane: large products, one after another.</summary>
    public static async Task<Lane> OpenHeavyAsync(Target target, int index, int size, int products, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var a = session.Full([size, size], 1.0 / size);
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            var y = a;
            for (int i = 0; i < products; i++) y = y.Matmul(a);
            float mean = await y.Mean().ItemAsync<float>(token);
            SessionLane.Require(Math.Abs(mean * size - 1) < 1e-2, "the mean of a product of averaging matrices");
        }, "heavy");
    }

    public override Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation) =>
        index % Every == Every - 1 ? OpenHeavyAsync(target, index, HeavySize, HeavyProducts, cancellation) : OpenLightAsync(target, index, cancellation);
}
