namespace AutogradService.Engine.Ops;

/// <summary>Indices drawn with the probabilities, up to a factor, that a vector or the rows of a matrix hold; with replacement or without.</summary>
[Op("multinomial(self!, num_samples, replacement)")]
public sealed partial record Multinomial(long NumSamples, bool Replacement = false) : ComputeOp, IOp<Multinomial>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new Multinomial(2), s.Positive(3, 4)), Sample.Of(new Multinomial(7, true), s.Positive(4))] : [];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var self = x[0];
        if (self.Dim is < 1 or > 2) throw AutogradException.Shape("prob_dist must be 1 or 2 dim");
        if (!self.DType.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"multinomial only supports floating-point dtypes for input, got: {self.DType.TorchName}");
        if (NumSamples <= 0) throw AutogradException.Attribute("cannot sample n_sample <= 0 samples");
        if (!Replacement && NumSamples > self.Shape[-1]) throw AutogradException.Attribute("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
        if (self.Shape[-1] == 0 && (self.Dim == 1 || self.Shape[0] > 0)) throw AutogradException.Attribute("invalid multinomial distribution (sum of probabilities <= 0)");
        return new(self.Dim == 1 ? Shape.Of(NumSamples) : Shape.Of(self.Shape[0], NumSamples), DType.Int64);
    }

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y)
    {
        double[] weights = x[0].ToDoubles();
        int n = (int)x[0].Shape[-1];
        long rows = n == 0 ? 0 : weights.Length / n;
        foreach (double w in weights)
            if (!(w >= 0 && w < double.PositiveInfinity)) throw AutogradException.Attribute("probability tensor contains either `inf`, `nan` or element < 0");
        for (long r = 0; r < rows; r++)
            if (!(weights.AsSpan((int)(r * n), n).ToArray().Sum() > 0)) throw AutogradException.Attribute("invalid multinomial distribution (sum of probabilities <= 0)");
        var random = y.Workspace.Random;
        ulong first = random.Reserve(rows * (Replacement ? NumSamples : n));
        long* to = y.Pointer<long>();
        for (long r = 0; r < rows; r++)
        {
            var row = weights.AsSpan((int)(r * n), n);
            if (Replacement) WithReplacement(row, random, first + (ulong)(r * NumSamples), to + r * NumSamples);
            else Without(row, random, first + (ulong)(r * n), to + r * NumSamples);
        }
    }

    private unsafe void WithReplacement(ReadOnlySpan<double> weights, Philox random, ulong first, long* to)
    {
        var sums = new double[weights.Length];
        double sum = 0;
        int last = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = sum += weights[i];
            if (weights[i] > 0) last = i;
        }
        for (long s = 0; s < NumSamples; s++)
        {
            double u = random.Uniform(first + (ulong)s) * sum;
            int low = 0, high = last;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (sums[middle] > u) high = middle;
                else low = middle + 1;
            }
            to[s] = low;
        }
    }

    // The race of exponential clocks: whose time e / w comes first is drawn first.
    private unsafe void Without(ReadOnlySpan<double> weights, Philox random, ulong first, long* to)
    {
        var times = new double[weights.Length];
        var order = new int[weights.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = weights[i] > 0 ? -Math.Log(1 - random.Uniform(first + (ulong)i)) / weights[i] : double.PositiveInfinity;
            order[i] = i;
        }
        Array.Sort(times, order);
        for (long s = 0; s < NumSamples; s++) to[s] = order[s];
    }
}
