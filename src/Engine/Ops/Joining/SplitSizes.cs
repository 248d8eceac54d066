namespace AutogradService.Engine.Ops;

/// <summary>Views of consecutive pieces of a dim, of the given sizes: split with a list.</summary>
[Op("split.sizes(self, split_size, dim) -> outputs*")]
public sealed partial record SplitSizes(Dims SplitSize, long Dim = 0) : CompositeMultiOp, IOp<SplitSizes>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<SplitSizes>((op, x) => SplitWithSizes.Reference.Compute(new SplitWithSizes(op.SplitSize, op.Dim), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SplitSizes([1, 3]), s.Any(4, 2))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => x[0].SplitWithSizes(SplitSize, Dim);
}
