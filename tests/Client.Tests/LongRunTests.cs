using Xunit;

namespace AutogradService.Client.Tests;

/// <summary>Runs alone, after the others: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(LongRunTests), DisableParallelization = true)]
public sealed class LongRunCollection;

/// <summary>A long training run leaves the session and the process where they were after its first hundred steps.</summary>
[Collection(nameof(LongRunTests))]
public sealed class LongRunTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const int Steps = 20_000;

    [Fact]
    public async Task Twenty_thousand_training_steps_hold_no_memory()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Rand([16, 8]);
        var y = session.Rand([16, 1]);
        var w = session.Rand([8, 1], requiresGrad: true);
        SessionUsage early = default!;
        long earlyBytes = 0;
        for (int step = 1; step <= Steps; step++)
        {
            using (session.Scope())
            {
                x.Matmul(w).MseLoss(y).Backward();
                using (session.NoGrad()) w.SubInPlace(w.Grad, alpha: 0.01);
                w.ZeroGrad();
            }
            if (step % 100 == 0) await session.FlushAsync(TestContext.Current.CancellationToken);
            if (step == 100) (early, earlyBytes) = (await session.UsageAsync(), ResidentBytes());
        }
        var late = await session.UsageAsync();
        Assert.Equal((early.Bytes, early.Tensors, early.Nodes), (late.Bytes, late.Tensors, late.Nodes));
        // Room for compiled code and for the collector's own pace; a leak of a few kilobytes a step would be past it.
        Assert.True(ResidentBytes() - earlyBytes < 64L << 20, $"{ResidentBytes() - earlyBytes >> 20} MiB grew in {Steps - 100} steps");
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
