namespace AutogradService.Engine.Ops;

/// <summary>p-norm of x1 - x2 + eps over the last dim.</summary>
[Op("pairwise_distance(x1, x2, p, eps, keepdim)")]
public sealed partial record PairwiseDistance(double P = 2, double Eps = 1e-6, bool Keepdim = false) : CompositeOp, IOp<PairwiseDistance>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PairwiseDistance>((op, x) => Define(x[0], x[1], op.P, op.Eps, op.Keepdim));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new PairwiseDistance(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new PairwiseDistance(3, 0.1, true), s.Strided(3, 4), s.Any(4)),
        Sample.Of(new PairwiseDistance(1), s.Any(4), s.Any(2, 3, 4)),
        Sample.Of(new PairwiseDistance(), s.Any(0, 4), s.Any(0, 4)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var difference = x[0].Sub(x[1]).Add(Eps);
        return workspace.Apply(new NormScalarOptDim(P, [Math.Max(x[0].Dim, x[1].Dim) - 1], Keepdim), difference);
    }

    /// <summary>The definition.</summary>
    internal static NdArray Define(NdArray a, NdArray b, double p, double eps, bool keepdim) =>
        NdArray.Build(Shape.Broadcast(a.Shape, b.Shape), i => a.Broadcast(i) - b.Broadcast(i) + eps)
            .Reduce([-1], keepdim, v => double.IsPositiveInfinity(p) ? v.Max(Math.Abs) : Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), p)), 1 / p));
}
