namespace AutogradService.Engine.Ops;

/// <summary>Each of some tensors, with dims of size 1 added so that it has at least 1.</summary>
[Op("atleast_1d.Sequence(tensors*) -> outputs*")]
public sealed partial record Atleast1dSequence : CompositeMultiOp, IOp<Atleast1dSequence>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Atleast1dSequence>((_, x) => Array.ConvertAll(x, t => Atleast1d.Reference.Compute(new Atleast1d(), [t])[0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast1dSequence(), s.Any(), s.Any(3), s.Any(2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var results = new Tensor[x.Count];
        for (int i = 0; i < results.Length; i++) results[i] = x[i].Atleast1d();
        return results;
    }
}
