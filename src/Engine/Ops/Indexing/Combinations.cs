namespace AutogradService.Engine.Ops;

/// <summary>The combinations of r elements of a vector, a row each, in the order of itertools.</summary>
[Op("combinations(self, r, with_replacement)")]
public sealed partial record Combinations(long R = 2, bool WithReplacement = false) : CompositeOp, IOp<Combinations>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Combinations>((op, x) =>
    {
        var rows = new List<double[]> { Array.Empty<double>() };
        var last = new List<int> { -1 };
        for (int k = 0; k < op.R; k++)
        {
            var grown = rows.Select((row, i) => (row, i)).SelectMany(p => Enumerable.Range(op.WithReplacement ? Math.Max(last[p.i], 0) : last[p.i] + 1, x[0].Values.Length - (op.WithReplacement ? Math.Max(last[p.i], 0) : last[p.i] + 1))
                .Select(j => (Row: (double[])[.. p.row, x[0].Values[j]], Last: j))).ToList();
            (rows, last) = (grown.ConvertAll(g => g.Row), grown.ConvertAll(g => g.Last));
        }
        return NdArray.Build(Shape.Of(rows.Count, op.R), i => rows[(int)i[0]][i[1]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Combinations(), s.Any(4)), Sample.Of(new Combinations(3), s.Any(4)), Sample.Of(new Combinations(2, true), s.Any(3)), Sample.Of(new Combinations(1), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var v = x[0];
        if (v.Dim != 1) throw AutogradException.Shape($"Expect a 1D vector, but got shape {v.Shape}");
        if (R < 0) throw AutogradException.Attribute($"Expect a non-negative number, but got {R}");
        if (R > v.Shape[0] && (!WithReplacement || v.Shape[0] == 0)) return workspace.Empty([0, R], v.DType);
        if (R == 0) return workspace.Empty([0], v.DType);
        long n = v.Shape[0], rows = 0;
        // The quota is asked before there is anything of that length.
        workspace.Empty([Count(n), R], DType.Int64);
        var chosen = new List<long>();
        var row = new long[R];
        for (long k = 1; k < R && !WithReplacement; k++) row[k] = k;
        for (bool more = WithReplacement ? n > 0 : n >= R; more; rows++)
        {
            chosen.AddRange(row);
            // The last place that can still move on does; those after it follow as closely as they may.
            long at = R - 1;
            while (at >= 0 && row[at] == (WithReplacement ? n - 1 : n - R + at)) at--;
            more = at >= 0;
            if (!more) continue;
            row[at]++;
            for (long k = at + 1; k < R; k++) row[k] = WithReplacement ? row[k - 1] : row[k - 1] + 1;
        }
        return v.IndexSelect(0, workspace.FromArray<long>(chosen.ToArray(), Shape.Of(chosen.Count))).Reshape([rows, R]);
    }

    // n choose r, or with replacement n + r - 1 choose r; as much as a size can be if it is more than that.
    private long Count(long n)
    {
        UInt128 count = 1;
        var of = (UInt128)(ulong)n + (WithReplacement ? (ulong)R - 1 : 0);
        // Each product is that of a binomial coefficient, which the division leaves whole.
        var least = UInt128.Min((ulong)R, of - (ulong)R);
        for (UInt128 k = 1; k <= least && count < long.MaxValue; k++) count = count * (of - least + k) / k;
        return (long)UInt128.Min(count, long.MaxValue / 2);
    }
}
