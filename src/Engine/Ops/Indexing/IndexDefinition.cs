namespace AutogradService.Engine.Ops;

/// <summary>Advanced indexing with integer indices as plain as it can be written, for the references of index and index_put.</summary>
internal static class IndexDefinition
{
    /// <summary>self[indices].</summary>
    public static NdArray Read(NdArray self, ReadOnlySpan<NdArray?> indices)
    {
        var (shape, source) = Resolve(self, indices);
        return NdArray.Build(shape, i => self[source(i)]);
    }

    /// <summary>The result's shape, and for each of its indices the one into self.</summary>
    public static (Shape Shape, Func<long[], long[]> Source) Resolve(NdArray self, ReadOnlySpan<NdArray?> indices)
    {
        int rank = self.Shape.Rank;
        var byDim = new NdArray?[rank];
        indices.CopyTo(byDim);
        var indexed = Enumerable.Range(0, rank).Where(d => byDim[d] is not null).ToArray();
        var common = indexed.Select(d => byDim[d]!.Shape).Aggregate(Shape.Broadcast);
        bool adjacent = indexed[^1] - indexed[0] + 1 == indexed.Length;
        var rest = Enumerable.Range(0, rank).Where(d => byDim[d] is null).ToArray();
        int position = adjacent ? rest.Count(d => d < indexed[0]) : 0;
        var sizes = rest.Select(d => self.Shape[d]).ToList();
        sizes.InsertRange(position, common.Sizes.ToArray());
        return (Shape.Of([.. sizes]), i =>
        {
            var own = new long[rank];
            var place = i[position..(position + common.Rank)];
            long[] others = [.. i[..position], .. i[(position + common.Rank)..]];
            for (int k = 0; k < rest.Length; k++) own[rest[k]] = others[k];
            foreach (int d in indexed)
            {
                long n = (long)byDim[d]!.Broadcast(place);
                own[d] = n < 0 ? n + self.Shape[d] : n;
            }
            return own;
        });
    }
}
