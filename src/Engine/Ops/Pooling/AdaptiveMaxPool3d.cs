namespace AutogradService.Engine.Ops;

/// <summary>The largest elements of output_size windows over the last three dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_max_pool3d(self, output_size)")]
public sealed partial record AdaptiveMaxPool3d(Dims OutputSize) : CompositeOp, IOp<AdaptiveMaxPool3d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveMaxPool3d>((op, x) => AdaptiveMaxPool3dWithIndices.Reference.Compute(new AdaptiveMaxPool3dWithIndices(op.OutputSize), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool3d([2]), s.Any(1, 3, 4, 3)), Sample.Of(new AdaptiveMaxPool3d([3]), s.Any(1, 1, 4, 3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new AdaptiveMaxPool3dWithIndices(OutputSize), x[0])[0];
}
