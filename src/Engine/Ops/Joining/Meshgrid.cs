namespace AutogradService.Engine.Ops;

/// <summary>Grids of coordinates from vectors, as views: the n-th grid varies along dim n; with indexing "xy" the first two dims are swapped.</summary>
[Op("meshgrid(tensors*, indexing) -> outputs*")]
public sealed partial record Meshgrid(string Indexing = "ij") : CompositeMultiOp, IOp<Meshgrid>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Meshgrid>((op, x) =>
    {
        var dims = Enumerable.Range(0, x.Length).ToArray();
        if (op.Indexing == "xy" && x.Length >= 2) (dims[0], dims[1]) = (1, 0);
        var sizes = new long[x.Length];
        for (int n = 0; n < x.Length; n++) sizes[dims[n]] = x[n].Values.Length;
        return [.. x.Select((v, n) => NdArray.Build(Shape.Of(sizes), i => v.Values[i[dims[n]]]))];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Meshgrid(), s.Any(2), s.Any(3)), Sample.Of(new Meshgrid("xy"), s.Any(2), s.Any(3), s.Any(2)), Sample.Of(new Meshgrid(), s.Any(), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("meshgrid expects a non-empty TensorList");
        if (Indexing is not ("ij" or "xy")) throw AutogradException.Attribute($"torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: {Indexing}");
        bool swaps = Indexing == "xy" && x.Count >= 2;
        var sizes = new long[x.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (x[i].Dim > 1) throw AutogradException.Shape($"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x[i].Dim}");
            if (x[i].DType != x[0].DType) throw AutogradException.Attribute("torch.meshgrid expects all tensors to have the same dtype");
            sizes[Position(i)] = x[i].Numel;
        }
        var grids = new Tensor[x.Count];
        for (int i = 0; i < grids.Length; i++)
        {
            var own = new long[sizes.Length];
            Array.Fill(own, 1);
            own[Position(i)] = x[i].Numel;
            grids[i] = x[i].View(Dims.Create(own)).Expand(Dims.Create(sizes));
        }
        return grids;

        int Position(int i) => swaps && i < 2 ? 1 - i : i;
    }
}
