namespace AutogradService.Engine.Ops;

/// <summary>The elements along a dim in order, and the indices where they came from. Equal elements keep their order; NaN is the largest.</summary>
[Op("sort(self, dim, descending) -> (values, indices)")]
public sealed partial record Sort(long Dim = -1, bool Descending = false) : MultiOp, IOp<Sort>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Sort>((op, x) =>
    [
        RunningRow.Define(x[0], op.Dim, (row, k) => row[SortedRows.Order(row, op.Descending)[k]]),
        RunningRow.Define(x[0], op.Dim, (row, k) => SortedRows.Order(row, op.Descending)[k]),
    ]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Sort(), s.Any(3, 5)), Sample.Of(new Sort(0, true), s.Any(4, 3)), Sample.Of(new Sort(), s.Strided(3, 5)), Sample.Of(new Sort(), s.Any()), Sample.Of(new Sort(), s.Any(0, 3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SortBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return [new(x[0].Shape, x[0].DType), new(x[0].Shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y) => SortedRows.First(x[0], y, Dim, DimRows.Length(x[0], Shape.WrapDim(Dim, x[0].Dim)), Descending);

    // A permutation along the dim: gradients go back where the values came from.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => Selection.Backward(grads[0], saved.Output(1), saved.Shape(0), Dim);
}
