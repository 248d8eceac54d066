namespace AutogradService.LoadTests.Scenarios;

/// <summary>Bytes rather than ops.</summary>
internal sealed class LargeTensors : Scenario
{
    private const int Mebibytes = 8;

    public override string Name => "large-tensors";

    public override string Description => "8 MiB uploaded in chunks, negated, and downloaded again.";

    public override string Unit => "MiB";

    public override double UnitsPerRequest => 2 * Mebibytes;

    public override int Concurrency => 2;

    public override async Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation)
    {
        var session = await target.OpenSessionAsync(index, cancellation);
        var values = new float[(Mebibytes << 20) / sizeof(float)];
        for (int i = 0; i < values.Length; i++) values[i] = i & 1023;
        return SessionLane.Of(session, async token =>
        {
            using var scope = session.Scope();
            var back = await session.Tensor<float>(values.AsMemory(), [values.Length]).Neg().ToBytesAsync(token);
            SessionLane.Require(back.Bytes.Length == values.Length * sizeof(float) && BitConverter.ToSingle(back.Bytes.Span[^sizeof(float)..]) == -values[^1], "the last element that came back");
        });
    }
}
