namespace AutogradService.Engine.Ops;

/// <summary>The tensor itself, or a view of it with dims of size 1 added so that it has at least 2.</summary>
[Op("atleast_2d(self)")]
public sealed partial record Atleast2d : CompositeOp, IOp<Atleast2d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Atleast2d>((_, x) => new NdArray(Shape.Of(x[0].Shape.Rank switch { 0 => [1, 1], 1 => [1, x[0].Shape[0]], _ => x[0].Shape.Sizes }), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast2d(), s.Any()), Sample.Of(new Atleast2d(), s.Any(3)), Sample.Of(new Atleast2d(), s.Any(2, 3)), Sample.Of(new Atleast2d(), s.Any(2, 1, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim switch
    {
        0 => x[0].Reshape([1, 1]),
        1 => x[0].Unsqueeze(0),
        _ => x[0],
    };
}
