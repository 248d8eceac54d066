namespace AutogradService.Engine.Ops;

/// <summary>How often each number from 0 to the largest occurs among integers, or the sum of weights where it does; at least minlength counts.</summary>
[Op("bincount(self!, weights?!, minlength)")]
public sealed partial record Bincount(long Minlength = 0) : ComputeOp, IOp<Bincount>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Bincount>((op, x) =>
    {
        var counts = new double[Math.Max(op.Minlength, x[0].Values.Length == 0 ? 0 : (long)x[0].Values.Max() + 1)];
        for (int i = 0; i < x[0].Values.Length; i++) counts[(long)x[0].Values[i]] += x[1] is { } w ? w.Values[i] : 1;
        return new NdArray(Shape.Of(counts.Length), counts);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Bincount(), s.Index(5, 8), null), Sample.Of(new Bincount(7), s.Index(4, 6), s.IsFloat ? s.Any(6) : null), Sample.Of(new Bincount(2), s.Index(1, 0), null)];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var self = x[0];
        if (!self.DType.IsInteger) throw AutogradException.DTypeUnsupported("bincount_cpu", self.DType);
        if (Minlength < 0) throw AutogradException.Attribute("minlength should be >= 0");
        if (self.Dim != 1 || self.Numel > 0 && self.Min().Item() < 0) throw AutogradException.Attribute("bincount only supports 1-d non-negative integral inputs.");
        var weights = x.Optional(1);
        if (weights is not null && (weights.Dim != 1 || weights.Numel != self.Numel)) throw AutogradException.Shape("weights should be 1-d and have the same length as input");
        long length = self.Numel == 0 ? Minlength : Math.Max(Minlength, (long)self.Max().Item() + 1);
        return new(Shape.Of(length), weights is null ? DType.Int64 : weights.DType == DType.Float32 ? DType.Float32 : DType.Float64);
    }

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y)
    {
        var ws = y.Workspace;
        using var scope = ws.Scope();
        var places = ws.RawContiguous(ws.RawCast(x[0], DType.Int64));
        // Sums in float64, which holds counts up to 2^53 exactly.
        var sums = ws.RawFull(y.Shape, 0.0, DType.Float64);
        double* to = sums.Pointer<double>();
        double* weights = x.Optional(1) is { } w ? ws.RawContiguous(ws.RawCast(w, DType.Float64)).Pointer<double>() : null;
        long* at = places.Pointer<long>();
        for (long i = 0; i < places.Numel; i++) to[at[i]] += weights == null ? 1 : weights[i];
        MatrixBatch.Copy(sums, y);
    }
}
