namespace AutogradService.Engine.Ops;

/// <summary>Variance over dims, corrected by 1 if unbiased, else by 0, and the mean.</summary>
[Op("var_mean.dim(self, dim, unbiased, keepdim) -> (var, mean)")]
public sealed partial record VarMeanDim(Dims? Dim, bool Unbiased = true, bool Keepdim = false) : CompositeMultiOp, IOp<VarMeanDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a spelling of var_mean.correction, which has a definition");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new VarMeanDim([1], false), s.Any(3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new VarMeanCorrection(Dim, Deviation.Correction(Unbiased), Keepdim), x[0]);
}
