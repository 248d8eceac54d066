using AutogradService.LoadTests.Reports;
using HdrHistogram;

namespace AutogradService.LoadTests.Load;

/// <summary>Latencies, three digits exact, from a tenth of a microsecond to an hour. Whoever uses it from several threads locks.</summary>
internal sealed class LatencyHistogram
{
    private const long UnitsPerMillisecond = 10_000;
    private const long UnitsMax = 3_600_000 * UnitsPerMillisecond;
    private const int Digits = 3;
    private const int CurveStepsPerNine = 10;
    private const double NinesMax = 5;
    private readonly LongHistogram _histogram = new(UnitsMax, Digits);
    private double _sum;

    /// <summary>How many there are.</summary>
    public long Count => _histogram.TotalCount;

    /// <summary>Adds one.</summary>
    public void Add(double milliseconds)
    {
        _histogram.RecordValue(Math.Clamp((long)(milliseconds * UnitsPerMillisecond), 0, UnitsMax));
        _sum += milliseconds;
    }

    /// <summary>Adds those of another.</summary>
    public void Add(LatencyHistogram other)
    {
        _histogram.Add(other._histogram);
        _sum += other._sum;
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        _histogram.Reset();
        _sum = 0;
    }

    /// <summary>The least number of milliseconds that so many percent do not exceed; 0 if there are none.</summary>
    public double Percentile(double percent) => Count == 0 ? 0 : _histogram.GetValueAtPercentile(percent) / (double)UnitsPerMillisecond;

    /// <summary>The usual percentiles.</summary>
    public LatencySummary Summary() => new()
    {
        Count = Count,
        Mean = Count == 0 ? 0 : _sum / Count,
        P50 = Percentile(50),
        P90 = Percentile(90),
        P99 = Percentile(99),
        P999 = Percentile(99.9),
        Max = Percentile(100),
    };

    /// <summary>The curve of percentiles, evenly by nines: 90, 99, 99.9 are as far from each other. It ends where there are not enough latencies to tell.</summary>
    public IReadOnlyList<CurvePoint> Curve()
    {
        var points = new List<CurvePoint>();
        if (Count == 0) return points;
        double nines = Math.Min(NinesMax, Math.Log10(Count));
        for (int i = 0; i <= nines * CurveStepsPerNine; i++)
        {
            double percent = 100 * (1 - Math.Pow(10, -i / (double)CurveStepsPerNine));
            points.Add(new CurvePoint { Percent = percent, Milliseconds = Percentile(percent) });
        }
        points.Add(new CurvePoint { Percent = 100 * (1 - Math.Pow(10, -nines)), Milliseconds = Percentile(100) });
        return points;
    }
}
