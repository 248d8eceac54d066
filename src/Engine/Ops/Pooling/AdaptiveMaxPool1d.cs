namespace AutogradService.Engine.Ops;

/// <summary>The largest elements of output_size windows over the last dim, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).</summary>
[Op("adaptive_max_pool1d(self, output_size)")]
public sealed partial record AdaptiveMaxPool1d(Dims OutputSize) : CompositeOp, IOp<AdaptiveMaxPool1d>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AdaptiveMaxPool1d>((op, x) => AdaptiveMaxPool1dWithIndices.Reference.Compute(new AdaptiveMaxPool1dWithIndices(op.OutputSize), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new AdaptiveMaxPool1d([2]), s.Any(2, 5)), Sample.Of(new AdaptiveMaxPool1d([3]), s.Any(2, 2, 6))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new AdaptiveMaxPool1dWithIndices(OutputSize), x[0])[0];
}
