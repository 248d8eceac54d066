namespace AutogradService.Engine.Ops;

/// <summary>Elements where index tensors lead, one for each leading dim, absent for all of a dim; integers or masks, as in self[indices].</summary>
[Op("index(self, indices*?!)")]
public sealed partial record Index : ComputeOp, IOp<Index>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Index>((_, x) => IndexDefinition.Read(x[0], x.AsSpan(1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Index(), s.Any(4, 3), s.Index(4, 5)),
        Sample.Of(new Index(), s.Any(4, 3), s.Index(4, 2, 1), s.Index(3, 3)),
        Sample.Of(new Index(), s.Strided(4, 3), null, s.Integers(Shape.Of(2), -1, 0)),
        Sample.Of(new Index(), s.Any(2, 3, 4), s.Index(2, 2), null, s.Index(4, 2)), // apart: the indices' shape comes first
        Sample.Of(new Index(), s.Any(2, 3, 4), null, s.Index(3, 2), s.Index(4, 2)),
        Sample.Of(new Index(), s.Any(3, 2), s.Integers(Shape.Scalar, 1)),
        Sample.Of(new Index(), s.Any(3, 2), s.Index(3, 0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Indices(needs.Count);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x.Count < 2) throw AutogradException.Attribute("index() takes at least one index");
        return new(AdvancedIndex.ShapeOf(x[0], x.Tensors[1..]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => new AdvancedIndex(x[0], x.Tensors[1..]).Read(x[0], y);

    // Every element read adds its gradient to where it was read.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        grad.NewZeros(Dims.Of(saved.Shape(0))).IndexPut(Unpack(saved, saved.InputCount), grad, accumulate: true);

    /// <summary>Inputs from the second up to, not including, an end.</summary>
    internal static Saves Indices(int end)
    {
        var saves = Engine.Saves.Nothing;
        for (int i = 1; i < end; i++) saves |= Engine.Saves.Input(i);
        return saves;
    }

    /// <summary>The saved indices, null for all of a dim.</summary>
    internal static Tensor?[] Unpack(Saved saved, int end)
    {
        var indices = new Tensor?[end - 1];
        for (int i = 0; i < indices.Length; i++) indices[i] = saved.OptionalInput(i + 1);
        return indices;
    }
}
