namespace AutogradService.Engine.Ops;

/// <summary>The tensor itself, or a view of it with dims of size 1 added so that it has at least 3.</summary>
[Op("atleast_3d(self)")]
public sealed partial record Atleast3d : CompositeOp, IOp<Atleast3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Atleast3d>((_, x) => new NdArray(Shape.Of(x[0].Shape.Rank switch { 0 => [1, 1, 1], 1 => [1, x[0].Shape[0], 1], 2 => [x[0].Shape[0], x[0].Shape[1], 1], _ => x[0].Shape.Sizes }), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast3d(), s.Any()), Sample.Of(new Atleast3d(), s.Any(3)), Sample.Of(new Atleast3d(), s.Any(2, 3)), Sample.Of(new Atleast3d(), s.Any(2, 1, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim switch
    {
        0 => x[0].Reshape([1, 1, 1]),
        1 => x[0].Unsqueeze(0).Unsqueeze(-1),
        2 => x[0].Unsqueeze(-1),
        _ => x[0],
    };
}
