namespace AutogradService.Engine.Ops;

/// <summary>Normal random numbers in self's shape and dtype; in place, torch.Tensor.normal_.</summary>
[Op("normal(self, mean, std)", InPlace = true)]
public sealed partial record Normal(double Mean = 0, double Std = 1) : ComputeOp, IOp<Normal>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Normal(1, 2), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, Draw.Deviation(Std, Draw.FloatOr("normal_", x[0].DType, x[0].DType)));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Normal(y, Mean, Std);

    // The draw does not depend on what was there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
