namespace AutogradService.Engine.Ops;

/// <summary>Random numbers of the Cauchy distribution: median + sigma tan(pi (u - 1/2)), in self's shape and dtype; in place, torch.Tensor.cauchy_.</summary>
[Op("cauchy(self, median, sigma)", InPlace = true)]
public sealed partial record Cauchy(double Median = 0, double Sigma = 1) : ComputeOp, IOp<Cauchy>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Cauchy(1, 2), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Sigma > 0
        ? new(x[0].Shape, Draw.FloatOr("cauchy_", x[0].DType, x[0].DType))
        : throw AutogradException.Attribute($"cauchy_ expects sigma > 0.0, but found sigma={Sigma.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => Median + Sigma * Math.Tan(Math.PI * (random.Uniform(first + (ulong)i) - 0.5)));
    }

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
