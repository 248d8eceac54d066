using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class DistributionTests
{
    private const int N = 20000;

    private readonly Workspace _ws = new(seed: 7);

    private Tensor Empty => _ws.Zeros([N], DType.Float64);

    private static string Refusal(Action call) => Assert.Throws<AutogradException>(call).Message;

    private static void HasMean(double expected, Tensor x, double tolerance) => Assert.InRange(x.ToDoubles().Average(), expected - tolerance, expected + tolerance);

    [Fact]
    public void Draws_have_the_means_of_their_distributions()
    {
        HasMean(0.5, Empty.Exponential(2), 0.02);
        HasMean(1 / 0.3, Empty.Geometric(0.3), 0.1);
        HasMean(Math.Exp(0.5), Empty.LogNormal(0, 1), 0.1);
        HasMean(0.5, Empty.Cauchy(3, 2).Lt(3L).To(DType.Float64), 0.02);
        HasMean(4, Empty.Add(4L).Poisson(), 0.1);
        HasMean(4, Empty.Add(4L).Poisson().Sub(4L).Square(), 0.3);
        HasMean(1e6, Empty.Add(1e6).Poisson(), 30);
        HasMean(4.5, _ws.Zeros([N], DType.Int64).RandintLike(10), 0.1);
    }

    [Fact]
    public void Draws_in_place_write_over_what_was_there()
    {
        var x = _ws.Zeros([5]);
        Assert.Same(x, x.ExponentialInPlace());
        Assert.All(x.ToDoubles(), v => Assert.True(v > 0));
        Assert.Equal(1, x.Version);
    }

    [Fact]
    public void Parameters_out_of_range_are_refused_in_PyTorchs_words()
    {
        Assert.Equal("exponential_ expects lambda > 0.0, but found lambda=0", Refusal(() => Empty.Exponential(0)));
        Assert.Equal("geometric_ expects p to be in (0, 1), but got p=1", Refusal(() => Empty.Geometric(1)));
        Assert.Equal("cannot sample n_sample <= 0 samples", Refusal(() => Empty.Multinomial(0)));
        Assert.Equal("cannot sample n_sample > prob_dist.size(-1) samples without replacement", Refusal(() => _ws.Ones([2]).Multinomial(3)));
        Assert.Equal("probability tensor contains either `inf`, `nan` or element < 0", Refusal(() => _ws.Ones([2]).Neg().Multinomial(1)));
        Assert.Equal("invalid multinomial distribution (sum of probabilities <= 0)", Refusal(() => _ws.Zeros([2]).Multinomial(1, true)));
        Assert.Equal("multinomial only supports floating-point dtypes for input, got: Long", Refusal(() => _ws.Ones([2], DType.Int64).Multinomial(1)));
        Assert.StartsWith("dropout1d: Expected 2D or 3D input, but received a 1D input.", Refusal(() => _ws.Ones([2]).Dropout1d()), StringComparison.Ordinal);
    }

    [Fact]
    public void Multinomial_follows_the_weights()
    {
        var weights = _ws.FromArray<double>([1, 0, 3], Shape.Of(3));
        var drawn = weights.Multinomial(N, true).ToDoubles();
        Assert.DoesNotContain(1.0, drawn);
        Assert.InRange(drawn.Count(i => i == 2) / (double)N, 0.73, 0.77);
        for (int i = 0; i < 50; i++) Assert.Equal([0, 2], weights.Multinomial(2).ToDoubles().Order());
    }

    [Fact]
    public void Channels_are_dropped_together()
    {
        var x = _ws.Ones([50, 4, 6], DType.Float64).SetRequiresGrad();
        var y = x.Dropout1d(0.5);
        double[] values = y.ToDoubles();
        for (int c = 0; c < 200; c++) Assert.All(values[(6 * c)..(6 * c + 6)], v => Assert.Equal(values[6 * c], v));
        Assert.Equal([0, 2], values.Distinct().Order());
        Assert.Equal(values, _ws.Gradients([y.Sum()], [x])[0]!.ToDoubles());
        HasMean(0, Empty.Normal().AlphaDropout(0.4, true), 0.05);
    }

    [Fact]
    public void A_hard_gumbel_softmax_is_one_hot_with_a_soft_gradient()
    {
        var x = _ws.Randn([6, 3], DType.Float64).SetRequiresGrad();
        var y = x.GumbelSoftmax(0.7, true);
        Assert.Equal([1, 1, 1, 1, 1, 1], y.Sum([1]).ToDoubles().Select(v => Math.Round(v, 12)));
        Assert.Contains(_ws.Gradients([y.Mul(_ws.Arange(3L)).Sum()], [x])[0]!.ToDoubles(), g => g != 0);
    }

    [Fact]
    public void Rrelu_in_training_draws_its_slopes_between_the_bounds()
    {
        var slopes = Empty.Sub(1L).Rrelu(0.1, 0.3, true).Neg().ToDoubles();
        Assert.All(slopes, s => Assert.InRange(s, 0.1, 0.3));
        Assert.NotEqual(slopes[0], slopes[1]);
    }
}
