namespace AutogradService.Engine.Ops;

/// <summary>Random numbers of the exponential distribution: -log(1 - u) / lambd, in self's shape and dtype; in place, torch.Tensor.exponential_.</summary>
[Op("exponential(self, lambd)", InPlace = true)]
public sealed partial record Exponential(double Lambd = 1) : ComputeOp, IOp<Exponential>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Exponential(2), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Lambd > 0
        ? new(x[0].Shape, Draw.FloatOr("exponential_", x[0].DType, x[0].DType))
        : throw AutogradException.Attribute($"exponential_ expects lambda > 0.0, but found lambda={Lambd.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => -Math.Log(1 - random.Uniform(first + (ulong)i)) / Lambd);
    }

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
