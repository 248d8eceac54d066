namespace AutogradService.Engine.Ops;

/// <summary>The k-th smallest element along a dim, and its index. NaN is the largest.</summary>
[Op("kthvalue(self, k, dim, keepdim) -> (values, indices)")]
public sealed partial record Kthvalue(long K, long Dim = -1, bool Keepdim = false) : MultiOp, IOp<Kthvalue>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Kthvalue>((op, x) =>
        [x[0].Reduce([op.Dim], op.Keepdim, v => v[SortedRows.Order(v, false)[op.Place(v.Length)]]), x[0].Reduce([op.Dim], op.Keepdim, v => SortedRows.Order(v, false)[op.Place(v.Length)])]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Kthvalue(2, -1), Distinct(s, 3, 5)),
        Sample.Of(new Kthvalue(2, 0, true), Distinct(s, 4, 3)),
        Sample.Of(new Kthvalue(2, 1), Distinct(s, 2, 4, 3)),
        Sample.Of(new Kthvalue(3), Distinct(s, 1, 9)),
        Sample.Of(new Kthvalue(1, 0), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "KthvalueBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        if (K < 1 || K > DimRows.Length(x[0], dim)) throw AutogradException.Attribute($"kthvalue(): selected number k out of range for dimension {dim}");
        var shape = ReducedDims.Shape(x[0].Shape, [Dim], Keepdim);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y) => SortedRows.At(x[0], y, Dim, K - 1);

    // Gradients go back where the values came from.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => Selection.Backward(grads[0], saved.Output(1), saved.Shape(0), Dim, Keepdim);

    // Of equal elements the selection's steps decide whose index it is, which a definition cannot tell.
    private static Tensor Distinct(Sampler s, params long[] sizes)
    {
        var shape = Shape.Of(sizes);
        var values = new double[shape.Numel];
        for (int i = 0; i < values.Length; i++) values[i] = i * 7 % values.Length;
        return s.Values(shape, values);
    }

    private int Place(int length) => (int)K - 1;
}
