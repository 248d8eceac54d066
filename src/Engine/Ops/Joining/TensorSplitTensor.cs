namespace AutogradService.Engine.Ops;

/// <summary>Slices of a dim: a 0-d integer tensor holds the number of pieces, a 1-d one the indices to cut before.</summary>
[Op("tensor_split.tensor_indices_or_sections(self, tensor_indices_or_sections!, dim) -> outputs*")]
public sealed partial record TensorSplitTensor(long Dim = 0) : CompositeMultiOp, IOp<TensorSplitTensor>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<TensorSplitTensor>((op, x) => x[1].Shape.Rank == 0
        ? TensorSplit.Reference.Compute(new TensorSplit((long)x[1].Values[0], op.Dim), x)
        : TensorSplitIndices.Reference.Compute(new TensorSplitIndices(Dims.Create(Array.ConvertAll(x[1].Values, v => (long)v)), op.Dim), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new TensorSplitTensor(), s.Any(5, 2), s.Integers(Shape.Scalar, 2)), Sample.Of(new TensorSplitTensor(1), s.Any(2, 4), s.Integers(Shape.Of(2), 1, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[1].DType != DType.Int64) throw AutogradException.Attribute($"tensor_split expected tensor_indices_or_sections to have dtype of long, but got {x[1].DType.TorchName}");
        if (x[1].Dim > 1) throw AutogradException.Shape($"tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but got a tensor with {x[1].Dim} dims");
        return x[1].Dim == 0 ? x[0].TensorSplit((long)x[1].Item(), Dim) : x[0].TensorSplit(Dims.Create(x[1].ToArray<long>()), Dim);
    }
}
