namespace AutogradService.Engine.Ops;

/// <summary>Makes several dims of one, as a view; one of the sizes may be -1.</summary>
[Op("unflatten(self, dim, sizes)")]
public sealed partial record Unflatten(long Dim, Dims Sizes) : CompositeOp, IOp<Unflatten>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Unflatten>((op, x) => new NdArray(op.Target(x[0].Shape), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Unflatten(0, [2, 3]), s.Any(6, 2)), Sample.Of(new Unflatten(-1, [2, -1]), s.Any(3, 4)), Sample.Of(new Unflatten(1, [2, 2]), s.Strided(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].View(Dims.Of(Target(x[0].Shape)));

    private Shape Target(Shape shape)
    {
        int dim = Part.WrapDimOfNonScalar(Dim, shape.Rank);
        if (Sizes.Count == 0) throw AutogradException.Attribute("unflatten: sizes must be non-empty");
        long known = 1;
        int free = -1;
        for (int d = 0; d < Sizes.Count; d++)
        {
            if (Sizes[d] == -1 && free < 0) free = d;
            else known *= Sizes[d];
        }
        var sizes = Sizes.Values.ToArray();
        if (free >= 0 && known > 0 && shape[dim] % known == 0) sizes[free] = shape[dim] / known;
        else if (free >= 0 || known != shape[dim])
            throw AutogradException.Shape($"unflatten: Provided sizes {Sizes} don't multiply up to the size of dim {dim} ({shape[dim]}) in the input tensor");
        return Shape.Of([.. shape.Sizes[..dim], .. sizes, .. shape.Sizes[(dim + 1)..]]);
    }
}
