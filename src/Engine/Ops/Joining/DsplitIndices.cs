namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 2: pieces cut before the given indices.</summary>
[Op("dsplit.indices(self, indices) -> outputs*")]
public sealed partial record DsplitIndices(Dims Indices) : CompositeMultiOp, IOp<DsplitIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<DsplitIndices>((op, x) => TensorSplitIndices.Reference.Compute(new TensorSplitIndices(op.Indices, 2), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new DsplitIndices([1, 3]), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 3) throw AutogradException.Shape($"torch.dsplit requires a tensor with at least 3 dimensions, but got a tensor with {x[0].Dim} dimensions!");
        return x[0].TensorSplit(Indices, 2);
    }
}
