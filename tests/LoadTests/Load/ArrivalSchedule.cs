namespace AutogradService.LoadTests.Load;

/// <summary>How arrivals are spread.</summary>
internal enum Arrivals
{
    /// <summary>At random, independent of each other, as those of many clients are.</summary>
    Poisson,
    /// <summary>At equal distances.</summary>
    Constant,
}

/// <summary>When requests of an open loop are due, whatever became of those before. The same seed gives the same moments.</summary>
/// <param name="arrivals">How they are spread.</param>
/// <param name="rate">Arrivals a second, on average.</param>
/// <param name="seed">Seed of the random distances.</param>
internal sealed class ArrivalSchedule(Arrivals arrivals, double rate, int seed)
{
    private readonly Random _random = new(seed);
    private long _count;
    private double _last;

    /// <summary>Seconds from the start to the next arrival.</summary>
    public double Next()
    {
        // A multiple rather than a sum: a constant rate does not drift.
        if (arrivals == Arrivals.Constant) return _count++ / rate;
        // Distances of a Poisson process are exponential; 1 - U is never zero.
        return _last += -Math.Log(1 - _random.NextDouble()) / rate;
    }
}
