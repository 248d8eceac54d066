namespace AutogradService.Engine.Ops;

/// <summary>Uniform random numbers in [0, 1) of self's shape, and of its dtype unless another is given.</summary>
[Op("rand_like(self!, dtype)")]
public sealed partial record RandLike(DType? DType = null) : CompositeOp, IOp<RandLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new RandLike(DType: Engine.DType.Float32), s.Any(2, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Rand(Dims.Of(x[0].Shape), Draw.FloatOr("rand_like", DType, x[0].DType));
}
