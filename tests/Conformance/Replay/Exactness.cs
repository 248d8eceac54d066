using System.Globalization;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>
/// The rule for a float32 result that misses its recording because the recording is the less exact one. It passes only if, against the same call in float64,
/// every element of ours is within the tolerance of float32, and the recording is farther off than ours wherever the two differ. Such passes are listed in the reports.
/// The recording may be off by rounding only, a few tolerances: other random numbers, or a mistake that ours makes in both dtypes, are no reason to pass.
/// </summary>
internal static class Exactness
{
    private const double TolerancesMax = 3;

    /// <summary>The sentence for the report if the rule holds, null if it does not.</summary>
    /// <param name="recorded">PyTorch's results; null where it has none.</param>
    /// <param name="ours">The results under test.</param>
    /// <param name="exact">The results under test of the same call in float64.</param>
    public static string? Excuse(IReadOnlyList<TensorData?> recorded, IReadOnlyList<TensorData?> ours, IReadOnlyList<TensorData?> exact)
    {
        if (recorded.Count != ours.Count || ours.Count != exact.Count)
            return null;
        var (worst, sentence) = (0d, (string?)null);
        for (var t = 0; t < recorded.Count; t++)
        {
            if ((recorded[t], ours[t], exact[t]) is not ({ } theirs, { } mine, { } truth))
            {
                if (recorded[t] is null && ours[t] is null)
                    continue;
                return null;
            }

            if (theirs.DType != "float32")
            {
                // Indices and other dtypes have to agree as ever.
                if (Comparison.Difference(theirs, mine) is not null)
                    return null;
                continue;
            }

            if (mine.DType != "float32" || truth.DType != "float64" || !theirs.Shape.AsSpan().SequenceEqual(mine.Shape.AsSpan()) || !mine.Shape.AsSpan().SequenceEqual(truth.Shape.AsSpan()))
                return null;
            for (long i = 0; i < theirs.Count; i++)
            {
                if (!Comparison.CloseAsFloat32(truth[i], mine[i]))
                    return null;
                if (Comparison.CloseAsFloat32(theirs[i], mine[i]))
                    continue;
                double off = Distance(theirs[i], truth[i]), own = Distance(mine[i], truth[i]);
                if (off <= own || !Comparison.CloseAsFloat32(truth[i], theirs[i], TolerancesMax))
                    return null;
                if (off > worst)
                    (worst, sentence) = (off, string.Create(CultureInfo.InvariantCulture, $"element {i}: recording off by {off:G3}, ours by {own:G3}: float64 says {truth[i]:R}"));
            }
        }

        return sentence;
    }

    /// <summary>NaN is as far from a number as can be.</summary>
    private static double Distance(double a, double b) =>
        a.Equals(b) || a == b ? 0 : double.IsNaN(a) || double.IsNaN(b) ? double.PositiveInfinity : Math.Abs(a - b);
}
