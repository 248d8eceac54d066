namespace AutogradService.Engine.Ops;

/// <summary>Ones with probability p, else zeros, in self's shape and dtype.</summary>
[Op("bernoulli.p(self, p)", InPlace = true)]
public sealed partial record BernoulliP(double P) : ComputeOp, IOp<BernoulliP>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new BernoulliP(0.3), s.Any(2, 3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "BernoulliBackward2";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => P is >= 0 and <= 1
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Attribute($"bernoulli_ expects p to be in [0, 1], but got p={P.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.EachInteger(y, i => random.Uniform(first + (ulong)i) < P ? 1 : 0);
    }

    // zero
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
