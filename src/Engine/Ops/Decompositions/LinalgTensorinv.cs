namespace AutogradService.Engine.Ops;

/// <summary>The inverse of a tensor as a map from its last dims to its first ind ones, under tensordot.</summary>
[Op("linalg_tensorinv(self, ind)")]
public sealed partial record LinalgTensorinv(long Ind = 2) : CompositeOp, IOp<LinalgTensorinv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgTensorinv>((op, x) =>
    {
        long n = Shape.Of(x[0].Shape.Sizes[..(int)op.Ind]).Numel;
        var inverse = LinalgInv.Reference.Compute(new LinalgInv(), [new NdArray(Shape.Of(n, n), x[0].Values)])[0];
        return new NdArray(Shape.Of([.. x[0].Shape.Sizes[(int)op.Ind..], .. x[0].Shape.Sizes[..(int)op.Ind]]), inverse.Values);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgTensorinv(), MatrixSamples.Invertible(s, 6, 6).Reshape([2, 3, 6])), Sample.Of(new LinalgTensorinv(1), MatrixSamples.Invertible(s, 4, 4).Reshape([4, 2, 2]))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Ind <= 0) throw AutogradException.Attribute("Expected a strictly positive integer for 'ind'");
        int split = (int)Math.Min(Ind, x[0].Dim);
        long rows = Shape.Of(x[0].Shape.Sizes[..split]).Numel, columns = Shape.Of(x[0].Shape.Sizes[split..]).Numel;
        if (rows != columns)
            throw AutogradException.Shape($"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {columns} != {rows}");
        return x[0].Reshape([columns, rows]).LinalgInv().Reshape(Dims.Create([.. x[0].Shape.Sizes[split..], .. x[0].Shape.Sizes[..split]]));
    }
}
