namespace AutogradService.Engine.Ops;

/// <summary>How many trials of probability p it takes to the first success, in self's shape and dtype; in place, torch.Tensor.geometric_.</summary>
[Op("geometric(self, p)", InPlace = true)]
public sealed partial record Geometric(double P) : ComputeOp, IOp<Geometric>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Geometric(0.3), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => P is > 0 and < 1
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Attribute($"geometric_ expects p to be in (0, 1), but got p={P.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => Math.Max(1, Math.Ceiling(Math.Log(1 - random.Uniform(first + (ulong)i)) / Math.Log(1 - P))));
    }

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
