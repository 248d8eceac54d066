namespace AutogradService.Engine.Ops;

/// <summary>The indices of all elements that are not zero, a vector for each dim (nonzero with as_tuple).</summary>
[Op("nonzero_numpy(self!) -> outputs*")]
public sealed partial record NonzeroNumpy : CompositeMultiOp, IOp<NonzeroNumpy>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<NonzeroNumpy>((_, x) =>
    {
        var rows = Nonzero.Reference.Compute(new Nonzero(), x);
        return [.. Enumerable.Range(0, x[0].Shape.Rank).Select(d => Select.Reference.Compute(new Select(1, d), rows)[0])];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NonzeroNumpy(), s.Mask(3, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => (x[0].Dim == 0 ? x[0].Unsqueeze(0) : x[0]).Nonzero().Unbind(1);
}
