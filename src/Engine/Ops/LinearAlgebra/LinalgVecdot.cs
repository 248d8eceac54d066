namespace AutogradService.Engine.Ops;

/// <summary>Inner products along a dim, the other dims broadcast: sum of x * y.</summary>
[Op("linalg_vecdot(x, y, dim)")]
public sealed partial record LinalgVecdot(long Dim = -1) : CompositeOp, IOp<LinalgVecdot>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgVecdot>((op, x) =>
        NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => x[0].Broadcast(i) * x[1].Broadcast(i)).Reduce([op.Dim], false, v => v.Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgVecdot(), s.Any(4), s.Any(4)), Sample.Of(new LinalgVecdot(0), s.Any(3, 2), s.Any(3, 2)), Sample.Of(new LinalgVecdot(), s.Any(2, 3), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim == 1 && x[1].Dim == 1 ? x[0].Vdot(x[1]) : x[0].Mul(x[1]).Sum([Dim]);
}
