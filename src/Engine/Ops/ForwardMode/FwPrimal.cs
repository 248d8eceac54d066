namespace AutogradService.Engine.Ops;

/// <summary>The primal of a dual tensor: the same memory and history without the tangent.</summary>
[Op("_fw_primal(self)", Hidden = true)]
public sealed partial record FwPrimal : ViewOp, IOp<FwPrimal>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new FwPrimal(), s.Any(3, 4)), Sample.Of(new FwPrimal(), s.Strided(3, 4)), Sample.Of(new FwPrimal(), s.Any())];

    /// <inheritdoc/>
    public override JvpRule Jvp => JvpRule.None;

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x) => new(x.Shape, x.StridesArray, x.Offset);

    // g
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad;
}
