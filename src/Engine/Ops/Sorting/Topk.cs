namespace AutogradService.Engine.Ops;

/// <summary>The k largest elements along a dim (or smallest), in order, and their indices. NaN is the largest.</summary>
[Op("topk(self, k, dim, largest, sorted) -> (values, indices)")]
public sealed partial record Topk(long K, long Dim = -1, bool Largest = true, bool Sorted = true) : MultiOp, IOp<Topk>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Topk>((op, x) =>
    [
        Cut(RunningRow.Define(x[0], op.Dim, (row, k) => row[SortedRows.Order(row, op.Largest)[k]]), op),
        Cut(RunningRow.Define(x[0], op.Dim, (row, k) => SortedRows.Order(row, op.Largest)[k]), op),
    ]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Topk(2), s.Any(3, 5)), Sample.Of(new Topk(3, 0, false), s.Any(4, 3)), Sample.Of(new Topk(2, 1), s.Any(2, 4, 3)), Sample.Of(new Topk(1), s.Any()), Sample.Of(new Topk(0), s.Any(3, 2))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        if (K < 0 || K > DimRows.Length(x[0], dim)) throw AutogradException.Attribute("selected index k out of range");
        var shape = x[0].Dim == 0 ? x[0].Shape : x[0].Shape.With(dim, K);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y) => SortedRows.First(x[0], y, Dim, x[0].Dim == 0 ? 1 : K, Largest); // a tensor without dims is its own, whatever k

    // Gradients go back where the values came from.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => Selection.Backward(grads[0], saved.Output(1), saved.Shape(0), Dim);

    private static NdArray Cut(NdArray x, Topk op)
    {
        if (x.Shape.Rank == 0) return x;
        return NdArray.Build(x.Shape.With(Shape.WrapDim(op.Dim, x.Shape.Rank), op.K), i => x[i]);
    }
}
