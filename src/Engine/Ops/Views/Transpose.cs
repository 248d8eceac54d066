namespace AutogradService.Engine.Ops;

/// <summary>A view with two dims swapped.</summary>
[Op("transpose(self, dim0, dim1)", InPlace = true)]
public sealed partial record Transpose(long Dim0, long Dim1) : ViewOp, IOp<Transpose>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Transpose>((op, x) =>
    {
        int rank = x[0].Shape.Rank, a = Shape.WrapDim(op.Dim0, rank), b = Shape.WrapDim(op.Dim1, rank);
        if (rank == 0) return x[0];
        var sizes = x[0].Shape.Sizes.ToArray();
        (sizes[a], sizes[b]) = (sizes[b], sizes[a]);
        return NdArray.Build(Shape.Of(sizes), i =>
        {
            (i[a], i[b]) = (i[b], i[a]);
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Transpose(0, 1), s.Any(3, 4)), Sample.Of(new Transpose(-1, 0), s.Any(2, 3, 4)), Sample.Of(new Transpose(0, 0), s.Any()), Sample.Of(new Transpose(0, 1), s.Any(0, 3))];

    private protected override string InPlaceGradFnName => "TransposeBackward1";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        int a = Shape.WrapDim(Dim0, x.Dim), b = Shape.WrapDim(Dim1, x.Dim);
        if (x.Dim == 0) return new(x.Shape, x.StridesArray, x.Offset);
        long[] sizes = x.Shape.Sizes.ToArray(), strides = x.Strides.ToArray();
        (sizes[a], sizes[b]) = (sizes[b], sizes[a]);
        (strides[a], strides[b]) = (strides[b], strides[a]);
        return new(Shape.Of(sizes), strides, x.Offset);
    }

    // g transposed back
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Transpose(Dim0, Dim1);
}
