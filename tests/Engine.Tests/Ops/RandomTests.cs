using AutogradService.Engine.Ops;
using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Random draws: moments, bounds, and that seed and counter alone decide.</summary>
public sealed class RandomTests
{
    private const long Count = 20_000;

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.BFloat16)]
    public void Uniform_and_normal_numbers_have_their_moments(DType dtype)
    {
        using var ws = new Workspace(seed: 5);
        var u = ws.Rand([Count], dtype).ToDoubles();
        Assert.All(u, v => Assert.InRange(v, 0, 1));
        Moments(u, 0.5, Math.Sqrt(1 / 12.0));
        Moments(ws.Randn([Count], dtype).ToDoubles(), 0, 1);
        Moments(ws.Normal(3, 2, [Count], dtype).ToDoubles(), 3, 2);
        var x = ws.Zeros([Count], dtype);
        Moments(x.UniformInPlace(-1, 3).ToDoubles(), 1, 4 * Math.Sqrt(1 / 12.0));
        Moments(x.NormalInPlace(-1, 0.5).ToDoubles(), -1, 0.5);
        Assert.Equal(2, x.Version);
    }

    [Fact]
    public void Integers_stay_in_their_bounds_and_reach_them()
    {
        using var ws = new Workspace();
        var x = ws.Randint(-2, 3, [1000]).ToArray<long>();
        Assert.Equal([-2L, -1, 0, 1, 2], x.Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), ws.Randperm(50).ToArray<long>().Order());
        Assert.Throws<AutogradException>(() => ws.Randint(0, [2]));
    }

    [Fact]
    public void Bernoulli_follows_its_probabilities()
    {
        using var ws = new Workspace();
        Moments(ws.Full([Count], 0.3).Bernoulli().ToDoubles(), 0.3, Math.Sqrt(0.21));
        Moments(ws.Zeros([Count]).Bernoulli(0.7).ToDoubles(), 0.7, Math.Sqrt(0.21));
        Assert.Throws<AutogradException>(() => ws.Full([1], 2.0).Bernoulli());
        var p = ws.Full([2], 0.5).SetRequiresGrad();
        ws.Backward([p.Bernoulli().Sum()]);
        Assert.Equal([0.0, 0], p.Grad!.ToDoubles());
    }

    [Fact]
    public void Seed_and_counter_alone_decide()
    {
        using Workspace a = new(seed: 7), b = new(seed: 7);
        Assert.Equal(a.Rand([100]).ToDoubles(), b.Rand([10, 10]).ToDoubles());
        Assert.NotEqual(a.Rand([100]).ToDoubles(), a.Rand([100]).ToDoubles());
        b.Random.ManualSeed(7);
        a.Random.ManualSeed(7);
        Assert.Equal(a.Randn([33]).ToDoubles(), b.Randn([33]).ToDoubles());
        Assert.Equal(a.Apply(new Randperm(20)).ToDoubles(), b.Apply(new Randperm(20)).ToDoubles());
    }

    private static void Moments(double[] values, double mean, double deviation)
    {
        double m = values.Average(), s = Math.Sqrt(values.Select(v => (v - m) * (v - m)).Average());
        Assert.InRange(m, mean - 5 * deviation / Math.Sqrt(values.Length), mean + 5 * deviation / Math.Sqrt(values.Length));
        Assert.InRange(s, deviation * 0.97, deviation * 1.03);
    }
}
