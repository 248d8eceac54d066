namespace AutogradService.Engine.Ops;

/// <summary>Views of each index of a dim, which goes away.</summary>
[Op("unbind(self, dim) -> outputs*")]
public sealed partial record Unbind(long Dim = 0) : MultiViewOp, IOp<Unbind>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Unbind>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return [.. Enumerable.Range(0, (int)x[0].Shape[dim]).Select(n => Select.Reference.Compute(new Select(dim, n), x)[0])];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Unbind(), s.Any(3, 2)), Sample.Of(new Unbind(-1), s.Any(2, 3)), Sample.Of(new Unbind(), s.Any(2)), Sample.Of(new Unbind(1), s.Strided(2, 2))];

    /// <inheritdoc/>
    public override ViewSpec[] Geometries(Tensor x)
    {
        int dim = Part.WrapDimOfNonScalar(Dim, x.Dim);
        var views = new ViewSpec[PieceLimit.Bounded(x.Shape[dim])];
        for (int i = 0; i < views.Length; i++) views[i] = Part.Select(x, dim, i);
        return views;
    }

    // the parts' gradients stacked
    /// <inheritdoc/>
    public override Tensor Vjp(Grads grads, Saved saved)
    {
        var parts = new Tensor[grads.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = grads.OrZeros(i);
        return saved.Workspace.Stack(parts, Dim);
    }
}
