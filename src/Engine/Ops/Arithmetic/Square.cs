namespace AutogradService.Engine.Ops;

/// <summary>Square: x^2.</summary>
[Op("square(self)", InPlace = true)]
public sealed partial record Square : CompositeOp, IOp<Square>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x * x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Square(), s.Any(3, 4)), Sample.Of(new Square(), s.Any()), Sample.Of(new Square(), s.Strided(3, 5)), Sample.Of(new Square(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new PowTensorScalar(2L), x[0]);

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => workspace.ApplyInPlace(new PowTensorScalar(2L), x[0]);
}
