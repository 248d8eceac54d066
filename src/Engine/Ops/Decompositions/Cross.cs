namespace AutogradService.Engine.Ops;

/// <summary>Vector product of three-element vectors along a dim, the first of size 3 unless given.</summary>
[Op("cross(self, other, dim)")]
public sealed partial record Cross(long? Dim = null) : CompositeOp, IOp<Cross>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cross>((op, x) => LinalgCross.Reference.Compute(new LinalgCross(op.Dim ?? Array.IndexOf(x[0].Shape.Sizes.ToArray(), 3)), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Cross(), s.Any(2, 3, 3), s.Any(2, 3, 3)), Sample.Of(new Cross(-1), s.Any(4, 3), s.Any(4, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        long dim = Dim ?? x[0].Shape.Sizes.IndexOf(3);
        if (dim == -1 && Dim is null) throw AutogradException.Shape("no dimension of size 3 in input");
        return x[0].LinalgCross(x[1], dim);
    }
}
