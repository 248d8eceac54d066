namespace AutogradService.Engine.Ops;

/// <summary>Quantiles along a dim, or of all elements, at q in [0, 1]: the element at place q (n - 1) of the sorted ones, interpolated between neighbours (linear, lower, higher, midpoint or nearest). Several q make a first dim. NaN if there is one.</summary>
[Op("quantile(self, q~, dim, keepdim, interpolation)")]
public sealed partial record Quantile(long? Dim = null, bool Keepdim = false, string Interpolation = "linear") : CompositeOp, IOp<Quantile>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Quantile>((op, x) => QuantileRows.Define(x, op.Dim, op.Keepdim, op.Interpolation, false));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => QuantileRows.Samples(s, (dim, keepdim, mode) => new Quantile(dim, keepdim, mode));

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => QuantileRows.Compute(x[0], x[1], Dim, Keepdim, Interpolation, ignoreNan: false);
}
