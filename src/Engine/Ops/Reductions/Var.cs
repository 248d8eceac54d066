namespace AutogradService.Engine.Ops;

/// <summary>Variance of all elements, corrected by 1 if unbiased, else by 0.</summary>
[Op("var(self, unbiased)")]
public sealed partial record Var(bool Unbiased = true) : CompositeOp, IOp<Var>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Var>((op, x) => Deviation.Define(x[0], null, Deviation.Correction(op.Unbiased), false));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Var(), s.Any(3, 4)), Sample.Of(new Var(false), s.Any(5))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new VarCorrection(null, Deviation.Correction(Unbiased)), x[0]);
}
