namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 1 (of a vector, dim 0): pieces cut before the given indices.</summary>
[Op("hsplit.indices(self, indices) -> outputs*")]
public sealed partial record HsplitIndices(Dims Indices) : CompositeMultiOp, IOp<HsplitIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<HsplitIndices>((op, x) => TensorSplitIndices.Reference.Compute(new TensorSplitIndices(op.Indices, x[0].Shape.Rank == 1 ? 0 : 1), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new HsplitIndices([1, 3]), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 1) throw AutogradException.Shape($"torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with {x[0].Dim} dimensions!");
        return x[0].TensorSplit(Indices, x[0].Dim == 1 ? 0 : 1);
    }
}
