namespace AutogradService.Engine.Ops;

/// <summary>Each of some tensors, with dims of size 1 added so that it has at least 3.</summary>
[Op("atleast_3d.Sequence(tensors*) -> outputs*")]
public sealed partial record Atleast3dSequence : CompositeMultiOp, IOp<Atleast3dSequence>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Atleast3dSequence>((_, x) => Array.ConvertAll(x, t => Atleast3d.Reference.Compute(new Atleast3d(), [t])[0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atleast3dSequence(), s.Any(), s.Any(3), s.Any(2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        var results = new Tensor[x.Count];
        for (int i = 0; i < results.Length; i++) results[i] = x[i].Atleast3d();
        return results;
    }
}
