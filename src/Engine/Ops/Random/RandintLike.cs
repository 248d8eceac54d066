namespace AutogradService.Engine.Ops;

/// <summary>Random integers in [0, high) of self's shape, and of its dtype unless another is given.</summary>
[Op("randint_like(self!, high, dtype)")]
public sealed partial record RandintLike(long High, DType? DType = null) : ComputeOp, IOp<RandintLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: DistributionTests checks moments, bounds and refusals");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new RandintLike(10), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, Draw.Integers(0, High, DType ?? x[0].DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Integer(y, 0, High);
}
