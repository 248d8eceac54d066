namespace AutogradService.Engine.Ops;

/// <summary>Vectors along a dim over their p-norm, or over eps if that is larger.</summary>
[Op("normalize(input, p, dim, eps)")]
public sealed partial record Normalize(double P = 2, long Dim = 1, double Eps = 1e-12) : CompositeOp, IOp<Normalize>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Normalize>((op, x) =>
    {
        var norms = x[0].Reduce([op.Dim], true, v => double.IsPositiveInfinity(op.P) ? v.Max(Math.Abs) : Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), op.P)), 1 / op.P));
        return NdArray.Build(x[0].Shape, i => x[0][i] / Math.Max(norms.Broadcast(i), op.Eps));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Normalize(), s.Positive(2, 3)), Sample.Of(new Normalize(3, 0), s.Positive(2, 3)), Sample.Of(new Normalize(1, -1), s.Positive(2, 3, 2)), Sample.Of(new Normalize(2, 0), s.Strided(3, 4))]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Div(x[0].Norm(P, [Dim], true).ClampMin(Eps).ExpandAs(x[0]));
}
