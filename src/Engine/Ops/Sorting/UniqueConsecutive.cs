namespace AutogradService.Engine.Ops;

/// <summary>
/// One element of each run of equal ones; with dim, one slice of each run of equal slices along it. inverse_indices says to which run each element belongs,
/// counts how long the runs are; both are empty unless asked for. Has no derivative.
/// </summary>
[Op("unique_consecutive(self, return_inverse, return_counts, dim) -> (output, inverse_indices, counts)")]
public sealed partial record UniqueConsecutive(bool ReturnInverse = false, bool ReturnCounts = false, long? Dim = null) : CompositeMultiOp, IOp<UniqueConsecutive>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<UniqueConsecutive>((op, x) => UniqueRuns.Define(x[0], op.Dim, false, op.ReturnInverse, op.ReturnCounts));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new UniqueConsecutive(true, true), s.Values(Shape.Of(2, 3), 1, 1, 3, 3, 1, 1)),
        Sample.ForwardOnly(new UniqueConsecutive(ReturnInverse: true, Dim: -1), s.Values(Shape.Of(4), 0, 0, 1, 0)),
        Sample.ForwardOnly(new UniqueConsecutive(ReturnCounts: true), s.Strided(2, 3)),
        Sample.ForwardOnly(new UniqueConsecutive(), s.Any()),
        Sample.ForwardOnly(new UniqueConsecutive(true, true), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => UniqueRuns.Of(x[0], Dim, false, ReturnInverse, ReturnCounts, "unique_consecutive");
}
