namespace AutogradService.Engine.Ops;

/// <summary>Tensors one below the other: along dim 0, vectors as rows.</summary>
[Op("vstack(tensors*)")]
public sealed partial record Vstack : CompositeOp, IOp<Vstack>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("cat of tensors with dims added: cat is defined by its own reference, JoiningTests compares the results");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Vstack(), s.Any(2, 3), s.Any(1, 3)), Sample.Of(new Vstack(), s.Any(3), s.Any(3)), Sample.Of(new Vstack(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("vstack expects a non-empty TensorList");
        var parts = new Tensor[x.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Atleast2d();
        return workspace.Cat(parts, 0);
    }
}
