namespace AutogradService.Engine.Ops;

/// <summary>How many elements of a matrix lie below an edge, without going through its rows: attributes can name more of them than there is time.</summary>
internal static class TriangleSize
{
    /// <summary>The sum over all rows r of r + edge, held within [0, columns].</summary>
    public static Int128 Below(long rows, long columns, Int128 edge)
    {
        // Rows that have none, then those with one more each, then those that have all.
        var none = Int128.Clamp(-edge, 0, rows);
        var some = Int128.Clamp(columns - edge, none, rows);
        return (some - none) * (none + edge + some - 1 + edge) / 2 + (rows - some) * columns;
    }

    /// <summary>The shape of so many pairs of indices.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE.</exception>
    public static Shape Pairs(Int128 count) => Shape.Of(2, (long)Int128.Min(count, long.MaxValue));
}
