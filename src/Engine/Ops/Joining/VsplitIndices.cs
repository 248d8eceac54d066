namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 0: pieces cut before the given indices.</summary>
[Op("vsplit.indices(self, indices) -> outputs*")]
public sealed partial record VsplitIndices(Dims Indices) : CompositeMultiOp, IOp<VsplitIndices>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<VsplitIndices>((op, x) => TensorSplitIndices.Reference.Compute(new TensorSplitIndices(op.Indices, 0), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new VsplitIndices([1, 3]), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"torch.vsplit requires a tensor with at least 2 dimensions, but got a tensor with {x[0].Dim} dimensions!");
        return x[0].TensorSplit(Indices, 0);
    }
}
