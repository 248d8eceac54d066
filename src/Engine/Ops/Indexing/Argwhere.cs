namespace AutogradService.Engine.Ops;

/// <summary>The indices of all elements that are not zero, a row for each: nonzero under NumPy's name.</summary>
[Op("argwhere(self!)")]
public sealed partial record Argwhere : CompositeOp, IOp<Argwhere>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Argwhere>((_, x) => Nonzero.Reference.Compute(new Nonzero(), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Argwhere(), s.Mask(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Nonzero();
}
