namespace AutogradService.Engine.Ops;

/// <summary>The tensor itself, or a view of it with dims of size 1 added so that it has at least 1.</summary>
[Op("atleast_1d(self)")]
public sealed partial record Atleast1d : CompositeOp, IOp<Atleast1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Atleast1d>((_, x) => new NdArray(Shape.Of(x[0].Shape.Rank == 0 ? [1] : x[0].Shape.Sizes), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast1d(), s.Any()), Sample.Of(new Atleast1d(), s.Any(3)), Sample.Of(new Atleast1d(), s.Any(2, 3)), Sample.Of(new Atleast1d(), s.Any(2, 1, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim == 0 ? x[0].Reshape([1]) : x[0];
}
