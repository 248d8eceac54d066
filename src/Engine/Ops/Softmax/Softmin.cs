namespace AutogradService.Engine.Ops;

/// <summary>Softmax of -x along a dim: the smallest element gets the largest share.</summary>
[Op("softmin(self, dim, dtype)")]
public sealed partial record Softmin(long Dim, DType? DType = null) : CompositeOp, IOp<Softmin>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Softmin>((op, x) =>
    {
        var sum = x[0].Reduce([op.Dim], true, v => v.Sum(e => Math.Exp(-e)));
        return NdArray.Build(x[0].Shape, i => Math.Exp(-x[0][i]) / sum.Broadcast(i));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Softmin(1), s.Any(3, 4)),
        Sample.Of(new Softmin(-2), s.Any(2, 3, 4)),
        Sample.Of(new Softmin(0), s.Strided(3, 5)),
        Sample.Of(new Softmin(0), s.Any()),
        Sample.Of(new Softmin(1), s.Any(0, 3)),
        Sample.Of(new Softmin(0, Engine.DType.Float64), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Neg().Softmax(Dim, DType);
}
