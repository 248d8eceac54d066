namespace AutogradService.Engine.Ops;

/// <summary>The tensor itself: +x.</summary>
[Op("positive(self)")]
public sealed partial record Positive : CompositeOp, IOp<Positive>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Positive(), s.Any(3, 4)), Sample.Of(new Positive(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].DType != DType.Bool
        ? x[0]
        : throw new AutogradException(ErrorReason.DtypeUnsupported, "The `+` operator, on a bool tensor is not supported.");
}
