namespace AutogradService.Engine.Ops;

/// <summary>A copy of self repeated along its last dims: repeat, where fewer numbers than dims will do.</summary>
[Op("tile(self, dims)")]
public sealed partial record Tile(Dims Dims) : CompositeOp, IOp<Tile>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Tile>((op, x) => Repeat.Reference.Compute(new Repeat(op.Repeats(x[0].Shape.Rank)), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Tile([2]), s.Any(2, 3)), Sample.Of(new Tile([2, 1, 2]), s.Any(2, 3)), Sample.Of(new Tile([]), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Repeat(Repeats(x[0].Dim));

    private Dims Repeats(int rank)
    {
        if (Dims.Count >= rank) return Dims;
        var repeats = new long[rank];
        Array.Fill(repeats, 1);
        Dims.Values.CopyTo(repeats.AsSpan(rank - Dims.Count));
        return Engine.Dims.Create(repeats);
    }
}
