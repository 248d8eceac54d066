namespace AutogradService.Engine.Ops;

/// <summary>Tensors one behind the other: along dim 2.</summary>
[Op("dstack(tensors*)")]
public sealed partial record Dstack : CompositeOp, IOp<Dstack>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("cat of tensors with dims added: cat is defined by its own reference, JoiningTests compares the results");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Dstack(), s.Any(2, 3), s.Any(2, 3)), Sample.Of(new Dstack(), s.Any(3), s.Any(3)), Sample.Of(new Dstack(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("dstack expects a non-empty TensorList");
        var parts = new Tensor[x.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Atleast3d();
        return workspace.Cat(parts, 2);
    }
}
