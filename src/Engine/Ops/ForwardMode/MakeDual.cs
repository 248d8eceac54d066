namespace AutogradService.Engine.Ops;

/// <summary>The same memory and history as the primal's, to which a tangent is then attached: what <see cref="Workspace.MakeDual"/> returns.</summary>
[Op("_make_dual(primal)", Hidden = true)]
public sealed partial record MakeDual : ViewOp, IOp<MakeDual>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new MakeDual(), s.Any(3, 4)), Sample.Of(new MakeDual(), s.Strided(3, 4)), Sample.Of(new MakeDual(), s.Any())];

    /// <inheritdoc/>
    public override JvpRule Jvp => JvpRule.None;

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x) => new(x.Shape, x.StridesArray, x.Offset);

    // g
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad;
}
