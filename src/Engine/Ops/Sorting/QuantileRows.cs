namespace AutogradService.Engine.Ops;

/// <summary>What quantile and nanquantile share.</summary>
internal static class QuantileRows
{
    /// <summary>The quantiles, by sorting and gathering, so that gradients go back to the neighbours by their weights.</summary>
    public static Tensor Compute(Tensor self, Tensor q, long? dim, bool keepdim, string interpolation, bool ignoreNan)
    {
        string op = ignoreNan ? "nanquantile" : "quantile";
        if (q.IsWrappedNumber && !(q.Item() is >= 0 and <= 1)) throw AutogradException.Attribute($"quantile() q must be in the range [0, 1] but got {Scalar.Of(q)}");
        if (interpolation is not ("linear" or "lower" or "higher" or "midpoint" or "nearest"))
            throw AutogradException.Attribute($"quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}");
        if (self.Numel == 0) throw AutogradException.Shape($"{op}() input tensor must be non-empty");
        if (q.Dim > 1) throw AutogradException.Shape("quantile() q must be a scalar or 1D tensor");
        if (self.DType is not (DType.Float32 or DType.Float64)) throw new AutogradException(ErrorReason.DtypeUnsupported, "quantile() input tensor must be either float or double dtype");
        if (q.IsWrappedNumber) q = self.Workspace.RawFull(Shape.Scalar, q.Item(), self.DType);
        if (q.DType != self.DType) throw new AutogradException(ErrorReason.DtypeUnsupported, "quantile() q tensor must be same dtype as the input tensor");
        int d = Shape.WrapDim(dim ?? 0, self.Dim);
        q.Workspace.Require(q.Detach().Ge(0.0).LogicalAnd(q.Detach().Le(1.0)).All(), static () => AutogradException.Attribute("quantile() q values must be in the range [0, 1]"));
        List<long> shape = [];
        if (dim is not null && self.Dim > 0)
        {
            shape.AddRange(self.Shape.Sizes);
            if (keepdim) shape[d] = 1;
            else shape.RemoveAt(d);
        }
        else if (keepdim) shape.AddRange(Enumerable.Repeat(1L, self.Dim));
        var sorted = dim is null ? self.Flatten().Sort().Values : d == self.Dim - 1 ? self.Sort().Values : self.Unsqueeze(-1).Transpose(d, -1).Sort().Values;
        sorted = sorted.View(Dims.Create([.. shape, sorted.Dim == 0 ? 1 : sorted.Shape[-1]]));
        long last = sorted.Shape[-1] - 1;
        Tensor ranks;
        if (ignoreNan)
        {
            ranks = q.Mul(sorted.Isnan().LogicalNot().Sum([-1], true) - 1L);
            ranks = ranks.MaskedFill(ranks.Lt(0.0), 0.0);
        }
        else
        {
            var broken = sorted.Isnan().Any([-1], true);
            var places = q.Mul(last);
            var full = Dims.Of(Shape.Broadcast(places.Shape, broken.Shape));
            ranks = places.Expand(full).MaskedFill(broken.Expand(full), (double)last);
        }
        ranks = interpolation switch { "lower" => ranks.Floor(), "higher" => ranks.Ceil(), "nearest" => ranks.Round(), _ => ranks };
        var below = ranks.Detach().To(DType.Int64);
        var values = sorted.Gather(-1, below);
        if (interpolation is "linear" or "midpoint")
        {
            var weights = interpolation == "midpoint" ? ranks.Detach().FullLike(0.5) : ranks - below;
            values.LerpInPlace(sorted.Gather(-1, ranks.Detach().Ceil().To(DType.Int64)), weights);
        }
        return q.Dim == 0 ? values.SqueezeInPlace(-1) : values.UnsqueezeInPlace(0).TransposeInPlace(0, -1).SqueezeInPlace(-1);
    }

    /// <summary>The definition.</summary>
    public static NdArray Define(NdArray[] x, long? dim, bool keepdim, string interpolation, bool ignoreNan)
    {
        NdArray At(double q) => x[0].Reduce(dim is { } d ? [d] : null, keepdim, v =>
        {
            if (!ignoreNan && v.Any(double.IsNaN)) return double.NaN;
            double[] sorted = [.. v.Where(e => !double.IsNaN(e)).Order()];
            if (sorted.Length == 0) return double.NaN;
            double rank = q * (sorted.Length - 1), low = sorted[(int)Math.Floor(rank)], high = sorted[(int)Math.Ceiling(rank)];
            return interpolation switch
            {
                "lower" => low,
                "higher" => high,
                "nearest" => sorted[(int)Math.Round(rank)],
                "midpoint" => (low + high) / 2,
                _ => low + (rank - Math.Floor(rank)) * (high - low),
            };
        });
        if (x[1].Shape.Rank == 0) return At(x[1].Values[0]);
        var parts = x[1].Values.Select(At).ToArray();
        return new NdArray(Shape.Of([parts.Length, .. parts[0].Shape.Sizes]), [.. parts.SelectMany(p => p.Values)]);
    }

    /// <summary>Calls that cover both ops.</summary>
    public static IEnumerable<Sample> Samples(Sampler s, Func<long?, bool, string, Op> make)
    {
        if (s.DType is not (DType.Float32 or DType.Float64)) yield break;
        yield return Sample.Of(make(null, false, "linear"), s.Any(3, 4), s.Number(0.3));
        yield return Sample.Of(make(1, false, "midpoint"), s.Any(3, 4), s.Number(0.6));
        yield return Sample.Of(make(0, true, "lower"), s.Any(3, 4), s.Number(0.6));
        yield return Sample.Of(make(-1, true, "higher"), s.Any(3, 4), s.Values(Shape.Of(2), 0.1, 0.8).Detach());
        yield return Sample.ForwardOnly(make(0, false, "linear"), s.Any(4, 2), s.Values(Shape.Of(3), 0, 0.4, 1));
        yield return Sample.ForwardOnly(make(null, false, "nearest"), s.Values(Shape.Of(3), 1, double.NaN, 3), s.Values(Shape.Scalar, 0.2));
        yield return Sample.Of(make(null, true, "linear"), s.Any(), s.Number(0.5));
    }
}
