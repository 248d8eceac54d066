namespace AutogradService.Engine.Ops;

/// <summary>Random numbers whose logarithms are normal with that mean and standard deviation, in self's shape and dtype; in place, torch.Tensor.log_normal_.</summary>
[Op("log_normal(self, mean, std)", InPlace = true)]
public sealed partial record LogNormal(double Mean = 1, double Std = 2) : ComputeOp, IOp<LogNormal>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new LogNormal(0, 1), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Std > 0
        ? new(x[0].Shape, Draw.FloatOr("log_normal_", x[0].DType, x[0].DType))
        : throw AutogradException.Attribute($"log_normal_ expects std > 0.0, but found std={Std.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => Math.Exp(Mean + Std * random.Normal(first + (ulong)i)));
    }

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
