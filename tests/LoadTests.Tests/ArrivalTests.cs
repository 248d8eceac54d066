using AutogradService.LoadTests.Load;

namespace AutogradService.LoadTests.Tests;

public sealed class ArrivalTests
{
    private const int Many = 100_000;

    [Fact]
    public void Constant_arrivals_do_not_drift()
    {
        var schedule = new ArrivalSchedule(Arrivals.Constant, 3, seed: 1);
        double last = 0;
        for (int i = 0; i < Many; i++) last = schedule.Next();
        Assert.Equal((Many - 1) / 3.0, last);
    }

    [Fact]
    public void Poisson_arrivals_have_the_rate_and_the_spread_of_independent_clients()
    {
        var schedule = new ArrivalSchedule(Arrivals.Poisson, 1000, seed: 1);
        var distances = new double[Many];
        double last = 0;
        for (int i = 0; i < Many; i++)
        {
            double next = schedule.Next();
            distances[i] = next - last;
            last = next;
        }
        double mean = distances.Average(), deviation = Math.Sqrt(distances.Average(d => (d - mean) * (d - mean)));
        Assert.All(distances, static d => Assert.True(d >= 0));
        // An exponential's deviation is its mean.
        Assert.InRange(mean * 1000, 0.98, 1.02);
        Assert.InRange(deviation / mean, 0.98, 1.02);
        Assert.InRange(distances.Count(d => d > mean) / (double)Many, Math.Exp(-1) - 0.01, Math.Exp(-1) + 0.01);
    }

    [Fact]
    public void The_same_seed_gives_the_same_moments()
    {
        ArrivalSchedule a = new(Arrivals.Poisson, 10, seed: 7), b = new(Arrivals.Poisson, 10, seed: 7), c = new(Arrivals.Poisson, 10, seed: 8);
        double[] first = [.. Enumerable.Range(0, 20).Select(_ => a.Next())];
        Assert.Equal(first, Enumerable.Range(0, 20).Select(_ => b.Next()));
        Assert.NotEqual(first, Enumerable.Range(0, 20).Select(_ => c.Next()));
    }
}
