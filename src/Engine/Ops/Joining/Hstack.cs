namespace AutogradService.Engine.Ops;

/// <summary>Tensors side by side: along dim 1, vectors along dim 0.</summary>
[Op("hstack(tensors*)")]
public sealed partial record Hstack : CompositeOp, IOp<Hstack>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("cat of tensors with dims added: cat is defined by its own reference, JoiningTests compares the results");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Hstack(), s.Any(2, 3), s.Any(2, 1)), Sample.Of(new Hstack(), s.Any(3), s.Any(2)), Sample.Of(new Hstack(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("hstack expects a non-empty TensorList");
        var parts = new Tensor[x.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Atleast1d();
        return workspace.Cat(parts, parts[0].Dim == 1 ? 0 : 1);
    }
}
