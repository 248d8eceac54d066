namespace AutogradService.Engine.Ops;

/// <summary>A view with some dims moved to other positions; the rest keep their order.</summary>
[Op("movedim(self, source, destination)")]
public sealed partial record Movedim(Dims Source, Dims Destination) : CompositeOp, IOp<Movedim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Movedim>((op, x) =>
    {
        var order = op.Order(x[0].Shape.Rank);
        return NdArray.Build(Shape.Of(order.Select(d => x[0].Shape[(int)d]).ToArray()), i =>
        {
            var own = new long[i.Length];
            for (int d = 0; d < own.Length; d++) own[order[d]] = i[d];
            return x[0][own];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Movedim([0], [-1]), s.Any(2, 3, 4)), Sample.Of(new Movedim([0, 1], [2, 0]), s.Any(2, 3, 4)), Sample.Of(new Movedim([0], [0]), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim == 0 ? x[0] : x[0].Permute(Dims.Create(Order(x[0].Dim)));

    private long[] Order(int rank)
    {
        if (Source.Count != Destination.Count)
            throw AutogradException.Attribute($"movedim: Invalid source or destination dims: source ({Source} dims) should contain the same number of dims as destination ({Destination} dims)");
        var order = new long[rank];
        Array.Fill(order, -1);
        var moved = new bool[rank];
        for (int i = 0; i < Source.Count; i++)
        {
            int from = Shape.WrapDim(Source[i], rank), to = Shape.WrapDim(Destination[i], rank);
            if (moved[from]) throw AutogradException.Attribute($"movedim: repeated dim in `source` ({Source})");
            if (order[to] >= 0) throw AutogradException.Attribute($"movedim: repeated dim in `destination` ({Destination})");
            moved[from] = true;
            order[to] = from;
        }
        int next = 0;
        for (int d = 0; d < rank; d++)
        {
            if (order[d] >= 0) continue;
            while (moved[next]) next++;
            order[d] = next++;
        }
        return order;
    }
}
