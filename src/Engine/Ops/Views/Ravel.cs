namespace AutogradService.Engine.Ops;

/// <summary>All elements in one dim: a view where strides allow it, else a copy.</summary>
[Op("ravel(self)")]
public sealed partial record Ravel : CompositeOp, IOp<Ravel>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Ravel>((_, x) => new NdArray(Shape.Of(x[0].Shape.Numel), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Ravel(), s.Any(2, 3)), Sample.Of(new Ravel(), s.Strided(2, 3)), Sample.Of(new Ravel(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Contiguous().View([x[0].Numel]);
}
