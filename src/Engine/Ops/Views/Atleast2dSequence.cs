namespace AutogradService.Engine.Ops;

/// <summary>Each of some tensors, with dims of size 1 added so that it has at least 2.</summary>
[Op("atleast_2d.Sequence(tensors*) -> outputs*")]
public sealed partial record Atleast2dSequence : CompositeMultiOp, IOp<Atleast2dSequence>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Atleast2dSequence>((_, x) => Array.ConvertAll(x, t => Atleast2d.Reference.Compute(new Atleast2d(), [t])[0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast2dSequence(), s.Any(), s.Any(3), s.Any(2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var results = new Tensor[x.Count];
        for (int i = 0; i < results.Length; i++) results[i] = x[i].Atleast2d();
        return results;
    }
}
