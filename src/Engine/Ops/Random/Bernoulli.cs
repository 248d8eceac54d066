namespace AutogradService.Engine.Ops;

/// <summary>Ones with the probability that self holds at each place, else zeros; its derivative is zero.</summary>
[Op("bernoulli(self)")]
public sealed partial record Bernoulli : ComputeOp, IOp<Bernoulli>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Bernoulli(), s.Probability(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, Draw.FloatOr("bernoulli", x[0].DType, x[0].DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        var p = x[0].ToDoubles();
        foreach (double value in p)
            if (!(value is >= 0 and <= 1)) throw AutogradException.Attribute("Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)");
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.EachInteger(y, i => random.Uniform(first + (ulong)i) < p[i] ? 1 : 0);
    }

    // zero
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ZerosLike();
}
