namespace AutogradService.Engine.Ops;

/// <summary>Standard deviation over dims, corrected by 1 if unbiased, else by 0.</summary>
[Op("std.dim(self, dim, unbiased, keepdim)")]
public sealed partial record StdDim(Dims? Dim, bool Unbiased = true, bool Keepdim = false) : CompositeOp, IOp<StdDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<StdDim>((op, x) => NdArray.Build(ReducedDims.Shape(x[0].Shape, op.Dim, op.Keepdim), i => Math.Sqrt(Deviation.Define(x[0], op.Dim, Deviation.Correction(op.Unbiased), op.Keepdim)[i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new StdDim([1]), s.Any(3, 4)), Sample.Of(new StdDim([0], false, true), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new StdCorrection(Dim, Deviation.Correction(Unbiased), Keepdim), x[0]);
}
