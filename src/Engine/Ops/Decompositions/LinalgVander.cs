namespace AutogradService.Engine.Ops;

/// <summary>Vandermonde matrices: the powers 0 to n - 1 of each element in a row; n is the number of elements unless given.</summary>
[Op("linalg_vander(x, n)")]
public sealed partial record LinalgVander(long? N = null) : CompositeOp, IOp<LinalgVander>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgVander>((op, x) => NdArray.Build(Shape.Of([.. x[0].Shape.Sizes, op.N ?? x[0].Shape[-1]]), i => Math.Pow(x[0][i.AsSpan(0, i.Length - 1)], i[^1])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgVander(), s.Any(3)), Sample.Of(new LinalgVander(4), s.Any(2, 3)), Sample.Of(new LinalgVander(1), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].DType == DType.Bool || x[0].Dim == 0)
            throw x[0].Dim == 0 ? AutogradException.Shape("linalg.vander: x.size(-1) must be positive") : AutogradException.DTypeUnsupported("linalg.vander", DType.Bool);
        long n = N ?? x[0].Shape[-1];
        if (n < 1) throw AutogradException.Attribute("N must be greater than 0");
        var sized = x[0].Unsqueeze(-1).Expand(Dims.Create([.. x[0].Shape.Sizes, n - 1]));
        var result = sized.Cumprod(-1);
        return workspace.Cat([workspace.RawFull(x[0].Unsqueeze(-1).Shape, 1L, result.DType), result], -1);
    }
}
