namespace AutogradService.Engine.Ops;

/// <summary>Tensors side by side, vectors and scalars as columns.</summary>
[Op("column_stack(tensors*)")]
public sealed partial record ColumnStack : CompositeOp, IOp<ColumnStack>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("cat of tensors with dims added: cat is defined by its own reference, JoiningTests compares the results");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ColumnStack(), s.Any(2, 3), s.Any(2, 1)), Sample.Of(new ColumnStack(), s.Any(3), s.Any(3)), Sample.Of(new ColumnStack(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("column_stack expects a non-empty TensorList");
        var parts = new Tensor[x.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Dim <= 1 ? x[i].Reshape([x[i].Numel, 1]) : x[i];
        return workspace.Cat(parts, 1);
    }
}
