namespace AutogradService.Engine.Ops;

/// <summary>Self with the slices of source written over the indices of a dim that a vector names.</summary>
[Op("index_copy(self, dim, index!, source)", InPlace = true)]
public sealed partial record IndexCopy(long Dim) : ComputeOp, IOp<IndexCopy>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexCopy>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        IndexedSlices.Each(x[0], op.Dim, x[1], (to, n, i) => result[to] = IndexedSlices.At(x[2], i));
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new IndexCopy(0), s.Any(4, 3), s.Integers(Shape.Of(2), 3, 1), s.Any(2, 3)),
        Sample.Of(new IndexCopy(-1), s.Strided(3, 4), s.Integers(Shape.Of(1), 2), s.Any(3, 1)),
        Sample.Of(new IndexCopy(0), s.Any(), s.Index(1, 1), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => IndexedSlices.InferCopy(x, Dim);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        AlongDim.Scatter(y, Shape.WrapDim(Dim, y.Dim), IndexedSlices.Begin(x, Dim, x[2].Shape, y), x[2]);
    }

    // for self g with zeros at the indices, for the source g at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? grad.IndexFill(Dim, saved.Input(1), 0.0)
        : grad.IndexSelect(Dim, saved.Input(1)).Reshape(Dims.Of(saved.Shape(2)));
}
