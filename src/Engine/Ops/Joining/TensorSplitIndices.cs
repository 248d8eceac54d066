namespace AutogradService.Engine.Ops;

/// <summary>Slices of a dim, cut before the given indices.</summary>
[Op("tensor_split.indices(self, indices, dim) -> outputs*")]
public sealed partial record TensorSplitIndices(Dims Indices, long Dim = 0) : CompositeMultiOp, IOp<TensorSplitIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<TensorSplitIndices>((op, x) =>
        [.. Enumerable.Range(0, op.Indices.Count + 1).Select(n => Slice.Reference.Compute(new Slice(op.Dim, n == 0 ? 0 : op.Indices[n - 1], n < op.Indices.Count ? op.Indices[n] : null), x)[0])]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new TensorSplitIndices([1, 3]), s.Any(5, 2)), Sample.Of(new TensorSplitIndices([2, 2], -1), s.Any(2, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim == 0) throw AutogradException.Shape("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
        var pieces = new Tensor[Indices.Count + 1];
        for (int i = 0; i < pieces.Length; i++)
            pieces[i] = x[0].Slice(Dim, i == 0 ? 0 : Indices[i - 1], i < Indices.Count ? Indices[i] : null);
        return pieces;
    }
}
