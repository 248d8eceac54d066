namespace AutogradService.Engine.Ops;

/// <summary>Larger of two elements; the same as maximum.</summary>
[Op("max.other(self, other)")]
public sealed partial record MaxOther : CompositeOp, IOp<MaxOther>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Max);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MaxOther(), s.Any(3, 4), s.Any(4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Maximum(x[1]);
}
