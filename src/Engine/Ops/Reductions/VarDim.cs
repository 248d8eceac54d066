namespace AutogradService.Engine.Ops;

/// <summary>Variance over dims, corrected by 1 if unbiased, else by 0.</summary>
[Op("var.dim(self, dim, unbiased, keepdim)")]
public sealed partial record VarDim(Dims? Dim, bool Unbiased = true, bool Keepdim = false) : CompositeOp, IOp<VarDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<VarDim>((op, x) => Deviation.Define(x[0], op.Dim, Deviation.Correction(op.Unbiased), op.Keepdim));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new VarDim([1]), s.Any(3, 4)), Sample.Of(new VarDim([0], false, true), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new VarCorrection(Dim, Deviation.Correction(Unbiased), Keepdim), x[0]);
}
