namespace AutogradService.Engine.Ops;

/// <summary>Standard deviation over dims, corrected by 1 if unbiased, else by 0, and the mean.</summary>
[Op("std_mean.dim(self, dim, unbiased, keepdim) -> (std, mean)")]
public sealed partial record StdMeanDim(Dims? Dim, bool Unbiased = true, bool Keepdim = false) : CompositeMultiOp, IOp<StdMeanDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a spelling of std_mean.correction, which has a definition");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new StdMeanDim([1], false), s.Any(3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new StdMeanCorrection(Dim, Deviation.Correction(Unbiased), Keepdim), x[0]);
}
