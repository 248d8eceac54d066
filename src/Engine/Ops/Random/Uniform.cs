namespace AutogradService.Engine.Ops;

/// <summary>Uniform random numbers in [from, to) in self's shape and dtype; in place, torch.Tensor.uniform_.</summary>
[Op("uniform(self, from, to)", InPlace = true, Page = "torch.Tensor.uniform_")]
public sealed partial record Uniform(double From = 0, double To = 1) : ComputeOp, IOp<Uniform>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Uniform(-1, 2), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => From <= To
        ? new(x[0].Shape, Draw.FloatOr("uniform_", x[0].DType, x[0].DType))
        : throw AutogradException.Attribute($"uniform_ expects to return a [from, to) range, but found from={From} > to={To}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Uniform(y, From, To);

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
