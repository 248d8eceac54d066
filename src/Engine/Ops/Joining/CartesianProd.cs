namespace AutogradService.Engine.Ops;

/// <summary>All combinations of one element from each vector, a row each, the last vector changing fastest; a single vector is itself.</summary>
[Op("cartesian_prod(tensors*)")]
public sealed partial record CartesianProd : CompositeOp, IOp<CartesianProd>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CartesianProd>((_, x) =>
    {
        if (x.Length == 1) return x[0];
        var shape = Shape.Of([.. x.Select(v => v.Shape.Numel)]);
        var rows = NdArray.Indices(shape).ToArray();
        return NdArray.Build(Shape.Of(rows.Length, x.Length), i => x[i[1]].Values[rows[i[0]][i[1]]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new CartesianProd(), s.Any(2), s.Any(3)), Sample.Of(new CartesianProd(), s.Any(2), s.Any(3), s.Any(2)), Sample.Of(new CartesianProd(), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var tensors = new Tensor[x.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (x[i].Dim != 1) throw AutogradException.Shape($"Expect a 1D vector, but got shape {x[i].Shape}");
            tensors[i] = x[i];
        }
        if (tensors.Length == 1) return tensors[0];
        var grids = workspace.Meshgrid(tensors);
        return workspace.Stack(Array.ConvertAll(grids, g => g.Flatten()), 1);
    }
}
