namespace AutogradService.Engine.Ops;

/// <summary>Smaller of two elements; the same as minimum.</summary>
[Op("min.other(self, other)")]
public sealed partial record MinOther : CompositeOp, IOp<MinOther>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Min);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MinOther(), s.Any(3, 4), s.Any(4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Minimum(x[1]);
}
