namespace AutogradService.Engine.Ops;

/// <summary>As argsort, with the promise that equal elements keep their order, which argsort keeps too.</summary>
[Op("argsort.stable(self, stable, dim, descending)")]
public sealed partial record ArgsortStable(bool Stable, long Dim = -1, bool Descending = false) : CompositeOp, IOp<ArgsortStable>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ArgsortStable>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => SortedRows.Order(row, op.Descending)[k]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ArgsortStable(true), s.Any(3, 5)), Sample.Of(new ArgsortStable(true, 0, true), s.Any(4, 3)), Sample.Of(new ArgsortStable(true), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new Sort(Dim, Descending), x[0])[1];
}
