using Workspace = AutogradService.Engine.Workspace;

namespace AutogradService.Client.Tests;

/// <summary>A seed means the same on both sides of the wire, however the commands travel.</summary>
public sealed class RandomTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory, InlineData(CallMode.Pipelined), InlineData(CallMode.Batched), InlineData(CallMode.Unary)]
    public async Task A_session_draws_what_the_engine_draws(CallMode mode)
    {
        using var engine = new Workspace(seed: 21);
        await using var session = await server.ConnectAsync(new SessionOptions { Mode = mode });
        session.ManualSeed(21);
        Engine.Tensor[] expected =
        [
            engine.Rand([70_000]), engine.Randn([5]), engine.Ones([9]).Dropout(0.3), engine.Randint(100, [7]), engine.Randperm(12),
            engine.Full([20], 0.4).Bernoulli(), engine.Normal(1, 2, [3]), engine.Zeros([4]).UniformInPlace(-1, 1), engine.Rand([3], Engine.DType.Float64),
        ];
        Tensor[] actual =
        [
            session.Rand([70_000]), session.Randn([5]), session.Ones([9]).Dropout(0.3), session.Randint(100, [7]), session.Randperm(12),
            session.Full([20], 0.4).Bernoulli(), session.Normal(1, 2, [3]), session.Zeros([4]).UniformInPlace(-1, 1), session.Rand([3], DType.Float64),
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            var bytes = new byte[expected[i].ByteLength];
            expected[i].CopyTo(bytes);
            Assert.True((await actual[i].ToBytesAsync()).Bytes.Span.SequenceEqual(bytes), $"draw {i} differs");
        }
    }

    [Fact]
    public async Task Sessions_do_not_share_numbers()
    {
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        first.ManualSeed(3);
        second.ManualSeed(3);
        _ = second.Ones([10]) * 2;
        var a = first.Rand([50]);
        _ = second.Arange(5).Sum();
        float[] drawn = (await a.ToArrayAsync<float>()).ToArray(), same = (await second.Rand([50]).ToArrayAsync<float>()).ToArray(), next = (await first.Rand([50]).ToArrayAsync<float>()).ToArray();
        Assert.Equal(drawn, same);
        Assert.NotEqual(drawn, next);
    }
}
