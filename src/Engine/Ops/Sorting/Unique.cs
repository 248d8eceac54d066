namespace AutogradService.Engine.Ops;

/// <summary>
/// The distinct elements in ascending order; with dim, the distinct slices along it in lexicographic order. inverse_indices says where each element went,
/// counts how often each occurs; both are empty unless asked for. NaN equals nothing. Has no derivative.
/// </summary>
[Op("unique(self, sorted, return_inverse, return_counts, dim) -> (output, inverse_indices, counts)")]
public sealed partial record Unique(bool Sorted = true, bool ReturnInverse = false, bool ReturnCounts = false, long? Dim = null) : CompositeMultiOp, IOp<Unique>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Unique>((op, x) => UniqueRuns.Define(x[0], op.Dim, true, op.ReturnInverse, op.ReturnCounts));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new Unique(ReturnInverse: true, ReturnCounts: true), s.Values(Shape.Of(2, 3), 3, 1, 3, 2, 1, 3)),
        Sample.ForwardOnly(new Unique(ReturnCounts: true), s.Strided(3, 4)),
        Sample.ForwardOnly(new Unique(Sorted: false, ReturnInverse: true, Dim: 0), s.Values(Shape.Of(3), 1, 0, 1)),
        Sample.ForwardOnly(new Unique(), s.Any()),
        Sample.ForwardOnly(new Unique(true, true, true), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => UniqueRuns.Of(x[0], Dim, true, ReturnInverse, ReturnCounts, Dim is null ? "_unique2" : "unique_dim");
}
