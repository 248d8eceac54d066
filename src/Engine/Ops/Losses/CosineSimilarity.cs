namespace AutogradService.Engine.Ops;

/// <summary>Cosine of the angle between vectors along a dim: x1 x2 / (max(|x1|, eps) max(|x2|, eps)).</summary>
[Op("cosine_similarity(x1, x2, dim, eps)")]
public sealed partial record CosineSimilarity(long Dim = 1, double Eps = 1e-8) : CompositeOp, IOp<CosineSimilarity>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CosineSimilarity>((op, x) =>
    {
        var shape = Shape.Broadcast(x[0].Shape, x[1].Shape);
        NdArray Sum(NdArray a, NdArray b) => NdArray.Build(shape, i => a.Broadcast(i) * b.Broadcast(i)).Reduce([op.Dim], false, v => v.Sum());
        NdArray dot = Sum(x[0], x[1]), first = Sum(x[0], x[0]), second = Sum(x[1], x[1]);
        return NdArray.Build(dot.Shape, i => dot[i] / (Math.Max(Math.Sqrt(first[i]), op.Eps) * Math.Max(Math.Sqrt(second[i]), op.Eps)));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new CosineSimilarity(), s.Any(3, 4), s.Any(3, 4)),
            Sample.Of(new CosineSimilarity(-1), s.Strided(3, 4), s.Any(2, 1, 4)),
            Sample.Of(new CosineSimilarity(0), s.Any(3), s.Any(3)),
            Sample.Of(new CosineSimilarity(0), s.Any(3, 0), s.Any(3, 0)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var common = DTypes.ResultType([x[0], x[1]]);
        if (!common.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected common dtype to be floating point, yet common dtype is {common.TorchName}");
        Tensor a = x[0].DType.IsFloatingPoint ? x[0] : x[0].To(common), b = x[1].DType.IsFloatingPoint ? x[1] : x[1].To(common);
        var shape = Dims.Of(Shape.Broadcast(a.Shape, b.Shape));
        (a, b) = (a.Expand(shape), b.Expand(shape));
        return Unit(workspace, a).Mul(Unit(workspace, b)).Sum([Dim]);
    }

    // The norm is clamped behind autograd's back: its gradient is that of the norm also below eps.
    private Tensor Unit(Workspace workspace, Tensor x)
    {
        var norm = x.LinalgVectorNorm(2L, [Dim], keepdim: true).Clone();
        using (workspace.NoGrad()) norm.ClampMinInPlace(Eps);
        return x.Div(norm);
    }
}
