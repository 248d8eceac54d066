namespace AutogradService.Engine.Ops;

/// <summary>Inner products over the last dim of both: y[..i, ..j] = sum over p of self[..i, p] * other[..j, p]; a plain product if one is 0-d.</summary>
[Op("inner(self, other)")]
public sealed partial record Inner : CompositeOp, IOp<Inner>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Inner>((_, x) =>
    {
        if (x[0].Shape.Rank == 0 || x[1].Shape.Rank == 0) return NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => x[0].Broadcast(i) * x[1].Broadcast(i));
        int split = x[0].Shape.Rank - 1;
        return NdArray.Build(Shape.Of([.. x[0].Shape.Sizes[..^1], .. x[1].Shape.Sizes[..^1]]), i =>
        {
            double sum = 0;
            for (long p = 0; p < x[0].Shape[-1]; p++) sum += x[0][[.. i[..split], p]] * x[1][[.. i[split..], p]];
            return sum;
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Inner(), s.Any(4), s.Any(4)), Sample.Of(new Inner(), s.Any(2, 3, 4), s.Any(5, 4)), Sample.Of(new Inner(), s.Any(3), s.Any()), Sample.Of(new Inner(), s.Any(2, 0), s.Any(3, 0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor a = x[0], b = x[1];
        if (a.Dim == 0 || b.Dim == 0) return a.Mul(b);
        if (a.Shape[-1] != b.Shape[-1])
            throw AutogradException.Shape($"inner() the last dimension must match on both input tensors but got shapes {a.Shape} and {b.Shape}");
        long k = a.Shape[-1];
        long m = Shape.Of(a.Shape.Sizes[..^1]).Numel, n = Shape.Of(b.Shape.Sizes[..^1]).Numel;
        return a.Reshape([m, k]).Mm(b.Reshape([n, k]).Transpose(0, 1)).Reshape(Dims.Create([.. a.Shape.Sizes[..^1], .. b.Shape.Sizes[..^1]]));
    }
}
