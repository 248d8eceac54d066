namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 2: so many equal pieces.</summary>
[Op("dsplit(self, sections) -> outputs*")]
public sealed partial record Dsplit(long Sections) : CompositeMultiOp, IOp<Dsplit>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Dsplit>((op, x) => TensorSplit.Reference.Compute(new TensorSplit(op.Sections, 2), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Dsplit(2), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 3) throw AutogradException.Shape($"torch.dsplit requires a tensor with at least 3 dimensions, but got a tensor with {x[0].Dim} dimensions!");
        long size = x[0].Shape[2];
        if (Sections <= 0 || size % Sections != 0)
            throw AutogradException.Shape($"torch.dsplit attempted to split along dimension {2}, but the size of the dimension {size} is not divisible by the split_size {Sections}!");
        return x[0].TensorSplit(Sections, 2);
    }
}
