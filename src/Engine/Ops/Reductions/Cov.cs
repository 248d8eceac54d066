namespace AutogradService.Engine.Ops;

/// <summary>Covariance of variables, the rows of self, over observations, its columns, which may have counts fweights and weights aweights; divided by their sum less correction.</summary>
[Op("cov(self, correction, fweights?!, aweights?)")]
public sealed partial record Cov(long Correction = 1) : CompositeOp, IOp<Cov>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cov>((op, x) =>
    {
        long n = x[0].Shape.Rank == 0 ? 1 : x[0].Shape[-1], m = x[0].Shape.Rank == 2 ? x[0].Shape[0] : 1;
        double W(long j) => (x[1] is { } f ? f.Values[j] : 1) * (x[2] is { } a ? a.Values[j] : 1);
        double sum = Enumerable.Range(0, (int)n).Sum(j => W(j));
        double V(long i, long j) => x[0].Values[i * n + j];
        double Mean(long i) => Enumerable.Range(0, (int)n).Sum(j => W(j) * V(i, j)) / sum;
        double factor = x[2] is { } w && op.Correction != 0 ? Math.Max(sum - op.Correction * Enumerable.Range(0, (int)n).Sum(j => W(j) * w.Values[j]) / sum, 0) : Math.Max(sum - op.Correction, 0);
        var full = NdArray.Build(Shape.Of(m, m), i => Enumerable.Range(0, (int)n).Sum(j => W(j) * (V(i[0], j) - Mean(i[0])) * (V(i[1], j) - Mean(i[1]))) / factor);
        return m == 1 ? new NdArray(Shape.Scalar, full.Values) : full;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new Cov(), s.Any(3, 5), null, null),
            Sample.Of(new Cov(0), s.Any(5), null, null),
            Sample.Of(new Cov(), s.Any(2, 4), s.Integers(Shape.Of(4), 1, 2, 3, 1), null),
            Sample.Of(new Cov(), s.Any(2, 4), s.Integers(Shape.Of(4), 1, 2, 3, 1), s.Probability(4)),
            Sample.Of(new Cov(0), s.Any(2, 4), null, s.Probability(4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (self.Dim > 2) throw AutogradException.Shape($"cov(): expected input to have two or fewer dimensions but got an input with {self.Dim} dimensions");
        if (self.DType == DType.Bool) throw new AutogradException(ErrorReason.DtypeUnsupported, "cov(): bool dtype is not supported for input");
        var observed = self.Dim < 2 ? self.Reshape([1, -1]) : self;
        long count = observed.Shape[1];
        Tensor? w = null;
        if (x.Optional(1) is { } f)
        {
            RequireWeights(f, "fweights", count, f.DType.IsInteger, "integral");
            w = f;
        }
        if (x.Optional(2) is { } a)
        {
            RequireWeights(a, "aweights", count, a.DType.IsFloatingPoint, "floating point");
            w = w is null ? a : w.Mul(a);
        }
        var sum = w?.Sum() ?? workspace.RawFull(Shape.Scalar, count, DType.Int64);
        if (w is not null) workspace.Require(sum.Ne(0L), static () => AutogradException.Attribute("cov(): weights sum to zero, can't be normalized"));
        var mean = (w is null ? observed : observed.Mul(w)).Sum([1]).Div(sum);
        var factor = x.Optional(2) is { } weights && Correction != 0
            ? sum - w!.Mul(weights).Sum().Mul((Scalar)Correction).Div(sum)
            : sum - (Scalar)Correction;
        // Fewer degrees of freedom than none count as none.
        factor = factor.MaskedFill(factor.Le(0L), 0L);
        var centred = observed - mean.Unsqueeze(1);
        return centred.Mm((w is null ? centred : centred.Mul(w)).Transpose(0, 1)).Div(factor).Squeeze();
    }

    private static void RequireWeights(Tensor w, string name, long count, bool kindFits, string kind)
    {
        if (w.Dim > 1) throw AutogradException.Shape($"cov(): expected {name} to have one or fewer dimensions but got {name} with {w.Dim} dimensions");
        if (!kindFits) throw new AutogradException(ErrorReason.DtypeUnsupported, $"cov(): expected {name} to have {kind} dtype but got {name} with {w.DType.TorchName} dtype");
        if (w.Numel != count) throw AutogradException.Shape($"cov(): expected {name} to have the same numel as there are observations in the input but got {w.Numel} != {count}");
        if (count > 0) w.Workspace.Require(w.Min().Ge(0L), () => AutogradException.Attribute($"cov(): {name} cannot be negative"));
    }
}
