using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>A seed decides every draw: not the number of threads, not the ops between, not the layout.</summary>
[Collection("WorkerPool")]
public sealed class RandomStreamTests
{
    private const long Many = 300_000; // enough for every thread to take part

    private static readonly Dictionary<string, Func<Workspace, Tensor>> s_draws = new()
    {
        ["rand"] = ws => ws.Rand([Many]),
        ["rand float64"] = ws => ws.Rand([Many], DType.Float64),
        ["rand bfloat16"] = ws => ws.Rand([Many], DType.BFloat16),
        ["randn"] = ws => ws.Randn([Many]),
        ["randn float64"] = ws => ws.Randn([Many], DType.Float64),
        ["rand_like"] = ws => ws.Zeros([Many]).RandLike(),
        ["randn_like"] = ws => ws.Zeros([Many]).RandnLike(),
        ["randint"] = ws => ws.Randint(1000, [Many]),
        ["randint low"] = ws => ws.Randint(-5, 1000, [Many]),
        ["randperm"] = ws => ws.Randperm(10_000),
        ["normal"] = ws => ws.Normal(1, 2, [Many]),
        ["normal_"] = ws => ws.Zeros([Many]).NormalInPlace(1, 2),
        ["uniform_"] = ws => ws.Zeros([Many]).UniformInPlace(-1, 1),
        ["bernoulli"] = ws => ws.Full([Many], 0.3).Bernoulli(),
        ["bernoulli_"] = ws => ws.Zeros([Many]).BernoulliInPlace(0.3),
        ["dropout"] = ws => ws.Ones([Many]).Dropout(0.4),
        ["dropout_"] = ws => ws.Ones([Many]).DropoutInPlace(0.4),
    };

    public static TheoryData<string> Draws => [.. s_draws.Keys];

    [Theory, MemberData(nameof(Draws))]
    public void Threads_do_not_matter(string name)
    {
        int before = KernelThreads.Count;
        try
        {
            double[]? expected = null;
            foreach (int threads in (int[])[1, 2, 3, 8])
            {
                KernelThreads.Set(threads);
                double[] drawn = Drawn(name, _ => { });
                Assert.Equal(expected ??= drawn, drawn);
            }
        }
        finally
        {
            KernelThreads.Set(before);
        }
    }

    [Theory, MemberData(nameof(Draws))]
    public void Ops_that_draw_nothing_do_not_matter(string name)
    {
        double[] plain = Drawn(name, _ => { });
        Assert.Equal(plain, Drawn(name, ws =>
        {
            var x = ws.Ones([50, 50]).SetRequiresGrad();
            ws.Backward([x.Matmul(x).Exp().Sort().Values.Dropout(0.5, false).Sum()]);
            using var mode = ws.NoGrad();
            _ = x.Max(0);
        }));
        Assert.NotEqual(plain, Drawn(name, ws => _ = ws.Rand([1])));
    }

    [Theory, MemberData(nameof(Draws))]
    public void Another_seed_gives_other_numbers_and_the_same_one_the_same(string name)
    {
        Assert.Equal(Drawn(name, _ => { }), Drawn(name, ws =>
        {
            ws.Random.ManualSeed(99);
            _ = ws.Randn([3]);
            ws.Random.ManualSeed(17);
        }));
        Assert.NotEqual(Drawn(name, _ => { }), Drawn(name, ws => ws.Random.ManualSeed(18)));
    }

    /// <summary>Kolmogorov and Smirnov: the largest distance to the distribution function, far beyond what chance gives for this many numbers (p below 1e-8).</summary>
    [Theory, InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Continuous_draws_have_their_distributions(DType dtype)
    {
        using var ws = new Workspace(seed: 4);
        const int count = 100_000;
        double bound = 3.2 / Math.Sqrt(count);
        Assert.InRange(Distance(ws.Rand([count], dtype), u => u), 0, bound);
        Assert.InRange(Distance(ws.Randn([count], dtype), Normal), 0, bound);
        Assert.InRange(Distance(ws.Zeros([count], dtype).UniformInPlace(-3, 5), u => (u + 3) / 8), 0, bound);
        Assert.InRange(Distance(ws.Zeros([count], dtype).NormalInPlace(2, 0.5), x => Normal((x - 2) / 0.5)), 0, bound);
        // Neighbours do not know of each other.
        double[] u = ws.Rand([count], dtype).ToDoubles();
        double together = Enumerable.Range(0, count - 1).Average(i => (u[i] - 0.5) * (u[i + 1] - 0.5)) * 12;
        Assert.InRange(together, -6 / Math.Sqrt(count), 6 / Math.Sqrt(count));
    }

    [Fact]
    public void Discrete_draws_have_their_distributions()
    {
        using var ws = new Workspace(seed: 4);
        const int count = 100_000;
        double[] dice = ws.Randint(1, 7, [count]).ToDoubles();
        for (int face = 1; face <= 6; face++) Share(dice.Count(d => d == face), count, 1 / 6.0);
        Share((int)ws.Full([count], 0.3).Bernoulli().ToDoubles().Sum(), count, 0.3);
        Share((int)ws.Zeros([count]).BernoulliInPlace(0.9).ToDoubles().Sum(), count, 0.9);
        Share(ws.Ones([count]).Dropout(0.25).ToDoubles().Count(v => v == 0), count, 0.25);
        // Each place of a permutation of three takes each value a third of the time.
        var seen = new int[3, 3];
        for (int i = 0; i < 3000; i++)
        {
            using var scope = ws.Scope();
            double[] order = ws.Randperm(3).ToDoubles();
            for (int p = 0; p < 3; p++) seen[p, (int)order[p]]++;
        }
        foreach (int times in seen) Share(times, 3000, 1 / 3.0);
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16)]
    public void Uniform_numbers_never_reach_their_upper_bound(DType dtype)
    {
        using var ws = new Workspace(seed: 4);
        Assert.All(ws.Rand([200_000], dtype).ToDoubles(), u => Assert.True(u is >= 0 and < 1));
    }

    private static double[] Drawn(string name, Action<Workspace> before)
    {
        using var ws = new Workspace(seed: 17);
        before(ws);
        return s_draws[name](ws).ToDoubles();
    }

    private static void Share(int hits, int count, double probability) =>
        Assert.InRange(hits, count * probability - 6 * Math.Sqrt(count * probability * (1 - probability)), count * probability + 6 * Math.Sqrt(count * probability * (1 - probability)));

    private static double Distance(Tensor drawn, Func<double, double> distribution)
    {
        double[] sorted = drawn.ToDoubles();
        Array.Sort(sorted);
        return sorted.Select((x, i) => Math.Max(Math.Abs(distribution(x) - i / (double)sorted.Length), Math.Abs(distribution(x) - (i + 1) / (double)sorted.Length))).Max();
    }

    // Zelen and Severo's approximation (Abramowitz and Stegun 26.2.17), to 7.5e-8.
    private static double Normal(double x)
    {
        double t = 1 / (1 + 0.2316419 * Math.Abs(x));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
