namespace AutogradService.Engine.Ops;

/// <summary>Indices that put the elements along a dim in order; equal elements keep their order, NaN is the largest.</summary>
[Op("argsort(self, dim, descending)")]
public sealed partial record Argsort(long Dim = -1, bool Descending = false) : CompositeOp, IOp<Argsort>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Argsort>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => SortedRows.Order(row, op.Descending)[k]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Argsort(), s.Any(3, 5)), Sample.Of(new Argsort(0, true), s.Any(4, 3)), Sample.Of(new Argsort(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new Sort(Dim, Descending), x[0])[1];
}
