namespace AutogradService.Engine.Ops;

/// <summary>Dropout of whole channels: what the first two dims name is zeroed or divided by 1 - p together.</summary>
[Op("feature_dropout(self, p, training)", InPlace = true)]
public sealed partial record FeatureDropout(double P, bool Training) : CompositeOp, IOp<FeatureDropout>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments and gradients");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new FeatureDropout(0.3, true), s.Any(3, 4, 2)), Sample.Of(new FeatureDropout(0.3, false), s.Any(3, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Noise(x[0]) is { } noise ? x[0].Mul(noise) : x[0];

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => Noise(x[0]) is { } noise ? x[0].MulInPlace(noise) : x[0];

    /// <summary>The shape of a number for each channel.</summary>
    internal static Shape Channels(Tensor x)
    {
        if (x.Dim < 2) throw AutogradException.Shape("Feature dropout requires at least 2 dimensions in the input");
        var sizes = new long[x.Dim];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = d < 2 ? x.Shape[d] : 1;
        return Shape.Of(sizes);
    }

    /// <summary>The factors and shifts of alpha dropout; null where nothing is to be done.</summary>
    internal static (Tensor Factor, Tensor Shift)? AlphaNoise(Tensor x, Shape shape, double p, bool training)
    {
        const double Alpha = 1.7580993408473766;
        Check(p);
        if (!training || p == 0 || x.Numel == 0) return null;
        if (p == 1) return (x.NewZeros([]), x.NewZeros([]));
        double a = 1 / Math.Sqrt((Alpha * Alpha * p + 1) * (1 - p));
        var kept = x.Detach().NewOnes(Dims.Of(shape)).Bernoulli(1 - p);
        return (kept.Mul(a), kept.Sub(1L).Mul(Alpha * a).Add(Alpha * a * p));
    }

    private static void Check(double p)
    {
        if (!(p is >= 0 and <= 1)) throw AutogradException.Attribute($"dropout probability has to be between 0 and 1, but got {((Scalar)p).ToString()}");
    }

    private Tensor? Noise(Tensor x)
    {
        Check(P);
        return !Training || P == 0 || x.Numel == 0 ? null : x.Detach().NewOnes(Dims.Of(Channels(x))).Dropout(P);
    }
}
