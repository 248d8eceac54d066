namespace AutogradService.LoadTests.Experiments;

/// <summary>Whether something grows. The slope is the median of those between all pairs of points (Theil and Sen), which single outliers, as a collection makes them, do not move.</summary>
/// <param name="PerHour">Growth in an hour.</param>
/// <param name="Growth">Growth over the time that was looked at, by the slope.</param>
/// <param name="Level">The median.</param>
internal sealed record Trend(double PerHour, double Growth, double Level)
{
    private const int PointsMax = 400;
    private const double SecondsPerHour = 3600;

    /// <summary>Fits a slope; null if there are not enough points.</summary>
    /// <param name="points">Seconds and values, in order of time.</param>
    public static Trend? Fit(IReadOnlyList<(double Second, double Value)> points)
    {
        if (points.Count < 4) return null;
        // Averages of stretches rather than some of the points: nothing is left out, and pairs grow with the square.
        int stretch = (points.Count + PointsMax - 1) / PointsMax;
        (double Second, double Value)[] thinned = [.. points.Chunk(stretch).Select(static c => (c.Average(static p => p.Second), c.Average(static p => p.Value)))];
        var slopes = new List<double>(thinned.Length * (thinned.Length - 1) / 2);
        for (int i = 0; i < thinned.Length; i++)
            for (int j = i + 1; j < thinned.Length; j++)
                if (thinned[j].Second > thinned[i].Second) slopes.Add((thinned[j].Value - thinned[i].Value) / (thinned[j].Second - thinned[i].Second));
        if (slopes.Count == 0) return null;
        double slope = Median(slopes);
        return new Trend(slope * SecondsPerHour, slope * (points[^1].Second - points[0].Second), Median([.. thinned.Select(static p => p.Value)]));
    }

    /// <summary>Whether it does not grow: by the slope, less than a share of its level and less than some absolute amount that is noise.</summary>
    public bool IsFlat(double share, double noise) => Growth <= Math.Max(share * Level, noise);

    private static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
