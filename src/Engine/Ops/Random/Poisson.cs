namespace AutogradService.Engine.Ops;

/// <summary>Random counts of the Poisson distribution with the rates that self holds; its derivative is zero.</summary>
[Op("poisson(self)")]
public sealed partial record Poisson : ComputeOp, IOp<Poisson>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new Poisson(), s.Positive(2, 3))] : [];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, Draw.FloatOr("poisson_cpu", x[0].DType, x[0].DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        double[] rates = x[0].ToDoubles();
        foreach (double rate in rates)
            if (!(rate >= 0)) throw AutogradException.Attribute("invalid Poisson rate, expected rate to be non-negative");
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => Count(rates[i], random, first + (ulong)i));
    }

    // Counts do not follow their rates smoothly: zero, as PyTorch has it.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();

    // Inversion from the mode of the distribution outwards, so that one uniform number and about sqrt(rate) steps suffice; for huge rates the normal approximation.
    private static double Count(double rate, Philox random, ulong block)
    {
        if (rate == 0) return 0;
        if (rate > 1e8) return Math.Max(0, Math.Round(rate + Math.Sqrt(rate) * random.Normal(block)));
        double u = random.Uniform(block), mode = Math.Floor(rate);
        double center = Math.Exp(mode * Math.Log(rate) - rate - Kernels.ScalarMath.Lgamma(mode + 1)), up = center, down = center;
        u -= center;
        for (double k = 1; u >= 0 && (up > 0 || down > 0); k++)
        {
            up *= rate / (mode + k);
            if ((u -= up) < 0) return mode + k;
            down = mode - k >= 0 ? down * (mode - k + 1) / rate : 0;
            if ((u -= down) < 0) return mode - k;
        }
        return mode;
    }
}
