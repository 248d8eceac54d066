namespace AutogradService.Engine.Ops;

/// <summary>Power computed in float64: self ^ exponent.</summary>
[Op("float_power(self~, exponent~)")]
public sealed partial record FloatPower : CompositeOp, IOp<FloatPower>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Pow);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new FloatPower(), s.Positive(3, 4), s.Positive(4)), Sample.Of(new FloatPower(), s.Positive(3, 4), s.Number(-2L)), Sample.Of(new FloatPower(), s.Number(2L), s.Any(3)), Sample.Of(new FloatPower(), s.Positive(0), s.Positive())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new Pow(), Wide(x[0]), Wide(x[1]));

    private static Tensor Wide(Tensor t) => t.IsWrappedNumber ? t.Workspace.WrappedNumber(t.Item()) : t.To(DType.Float64);
}
