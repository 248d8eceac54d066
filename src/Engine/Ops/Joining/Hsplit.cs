namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 1 (of a vector, dim 0): so many equal pieces.</summary>
[Op("hsplit(self, sections) -> outputs*")]
public sealed partial record Hsplit(long Sections) : CompositeMultiOp, IOp<Hsplit>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Hsplit>((op, x) => TensorSplit.Reference.Compute(new TensorSplit(op.Sections, x[0].Shape.Rank == 1 ? 0 : 1), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Hsplit(2), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 1) throw AutogradException.Shape($"torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with {x[0].Dim} dimensions!");
        long size = x[0].Shape[x[0].Dim == 1 ? 0 : 1];
        if (Sections <= 0 || size % Sections != 0)
            throw AutogradException.Shape($"torch.hsplit attempted to split along dimension {(x[0].Dim == 1 ? 0 : 1)}, but the size of the dimension {size} is not divisible by the split_size {Sections}!");
        return x[0].TensorSplit(Sections, x[0].Dim == 1 ? 0 : 1);
    }
}
