namespace AutogradService.Engine.Ops;

/// <summary>Slices along dim 0: so many equal pieces.</summary>
[Op("vsplit(self, sections) -> outputs*")]
public sealed partial record Vsplit(long Sections) : CompositeMultiOp, IOp<Vsplit>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Vsplit>((op, x) => TensorSplit.Reference.Compute(new TensorSplit(op.Sections, 0), x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Vsplit(2), s.Any(4, 4, 4))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"torch.vsplit requires a tensor with at least 2 dimensions, but got a tensor with {x[0].Dim} dimensions!");
        long size = x[0].Shape[0];
        if (Sections <= 0 || size % Sections != 0)
            throw AutogradException.Shape($"torch.vsplit attempted to split along dimension {0}, but the size of the dimension {size} is not divisible by the split_size {Sections}!");
        return x[0].TensorSplit(Sections, 0);
    }
}
