namespace AutogradService.Engine.Ops;

/// <summary>Mean over dims, or of all elements, NaN left out.</summary>
[Op("nanmean(self, dim, keepdim, dtype)")]
public sealed partial record Nanmean(Dims? Dim = null, bool Keepdim = false, DType? DType = null) : CompositeOp, IOp<Nanmean>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Nanmean>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Where(e => !double.IsNaN(e)).DefaultIfEmpty(double.NaN).Average()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Nanmean(), s.Any(3, 4)), Sample.Of(new Nanmean([1], true), s.Any(3, 4)), Sample.ForwardOnly(new Nanmean([0]), s.IsFloat ? s.Values(Shape.Of(2, 2), 1, double.NaN, 2, 3) : s.Any(2, 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].DType.IsFloatingPoint
        ? x[0].Nansum(Dim, Keepdim, DType).Div(x[0].Isnan().LogicalNot().Sum(Dim, Keepdim))
        : throw new AutogradException(ErrorReason.DtypeUnsupported, $"nanmean(): expected input to have floating point or complex dtype but got {x[0].DType.TorchName}");
}
