namespace AutogradService.Engine.Ops;

/// <summary>Quantiles along a dim, or of all elements, of those that are not NaN; see quantile.</summary>
[Op("nanquantile(self, q~, dim, keepdim, interpolation)")]
public sealed partial record Nanquantile(long? Dim = null, bool Keepdim = false, string Interpolation = "linear") : CompositeOp, IOp<Nanquantile>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Nanquantile>((op, x) => QuantileRows.Define(x, op.Dim, op.Keepdim, op.Interpolation, true));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => QuantileRows.Samples(s, (dim, keepdim, mode) => new Nanquantile(dim, keepdim, mode));

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => QuantileRows.Compute(x[0], x[1], Dim, Keepdim, Interpolation, ignoreNan: true);
}
