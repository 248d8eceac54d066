namespace AutogradService.Engine.Ops;

/// <summary>Cosine embedding loss: 1 - cos(input1, input2) where the target is 1, max(0, cos(input1, input2) - margin) where it is -1; the vectors are in the last dim.</summary>
[Op("cosine_embedding_loss(input1, input2, target!, margin, reduction)")]
public sealed partial record CosineEmbeddingLoss(double Margin = 0, string Reduction = "mean") : CompositeOp, IOp<CosineEmbeddingLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CosineEmbeddingLoss>((op, x) =>
    {
        double Dot(NdArray a, NdArray b, long[] row) => Enumerable.Range(0, (int)a.Shape[-1]).Sum(d => a[[.. row, d]] * b[[.. row, d]]);
        return LossReduction.Define(NdArray.Build(x[2].Shape, i =>
        {
            double cos = Dot(x[0], x[1], i) / Math.Sqrt((Dot(x[0], x[0], i) + 1e-12) * (Dot(x[1], x[1], i) + 1e-12));
            return x[2][i] switch { 1 => 1 - cos, -1 => Math.Max(0, cos - op.Margin), _ => 0 };
        }), op.Reduction);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new CosineEmbeddingLoss(), s.Any(4, 3), s.Any(4, 3), s.Values(Shape.Of(4), 1, -1, -1, 1)),
            Sample.Of(new CosineEmbeddingLoss(-0.5, "none"), s.Strided(4, 3), s.Any(4, 3), s.Integers(Shape.Of(4), 1, -1, 0, 1)),
            Sample.Of(new CosineEmbeddingLoss(0.3, "sum"), s.Any(3), s.Any(3), s.Values(Shape.Scalar, -1)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        const double Epsilon = 1e-12;
        Tensor a = x[0], b = x[1], target = x[2];
        LossReduction.Check(Reduction);
        if (target.Dim > 1) throw AutogradException.Shape("0D or 1D target tensor expected, multi-target not supported");
        if (a.Dim != target.Dim + 1)
            throw AutogradException.Shape(target.Dim == 1
                ? $"1D target tensor expects 2D input tensors, but found inputs with sizes {a.Shape} and {b.Shape}."
                : $"0D target tensor expects 1D input tensors, but found inputs with sizes {a.Shape} and {b.Shape}.");
        Dims last = [target.Dim];
        var squares = a.Mul(a).Sum(last).Add(Epsilon).Mul(b.Mul(b).Sum(last).Add(Epsilon));
        var cos = a.Mul(b).Sum(last).Div(squares.Sqrt());
        var zeros = cos.ZerosLike();
        var alike = target.Eq(1L).Where(cos.Rsub(1L), zeros);
        var unlike = target.Eq(-1L).Where(cos.Sub(Margin).ClampMin(0L), zeros);
        return LossReduction.Apply(alike.Add(unlike), Reduction);
    }
}
