namespace AutogradService.Engine.Ops;

/// <summary>Standard normal random numbers of self's shape, and of its dtype unless another is given.</summary>
[Op("randn_like(self!, dtype)")]
public sealed partial record RandnLike(DType? DType = null) : ComputeOp, IOp<RandnLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new RandnLike(DType: Engine.DType.Float32), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, Draw.FloatOr("randn_like", DType, x[0].DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Normal(y, 0, 1);
}
