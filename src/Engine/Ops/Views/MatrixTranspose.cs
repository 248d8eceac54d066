namespace AutogradService.Engine.Ops;

/// <summary>The transpose of a matrix, as a view; tensors with fewer than two dims stay as they are.</summary>
[Op("t(self)", InPlace = true)]
public sealed partial record MatrixTranspose : ViewOp, IOp<MatrixTranspose>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MatrixTranspose>((_, x) => x[0].Shape.Rank < 2 ? x[0] : NdArray.Build(Shape.Of(x[0].Shape[1], x[0].Shape[0]), i => x[0][i[1], i[0]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MatrixTranspose(), s.Any(3, 4)), Sample.Of(new MatrixTranspose(), s.Any(3)), Sample.Of(new MatrixTranspose(), s.Any()), Sample.Of(new MatrixTranspose(), s.Any(0, 2))];

    private protected override string InPlaceGradFnName => "TBackward1";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        if (x.Dim > 2) throw AutogradException.Shape($"t() expects a tensor with <= 2 dimensions, but self is {x.Dim}D");
        return x.Dim < 2 ? new(x.Shape, x.StridesArray, x.Offset) : Part.Permute(x, [1, 0]);
    }

    // g transposed back
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.T();
}
