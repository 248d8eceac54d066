namespace AutogradService.Engine.Ops;

/// <summary>Uniform random numbers in [0, 1).</summary>
[Op("rand(size, dtype)")]
public sealed partial record Rand(Dims Size, DType? DType = null) : ComputeOp, IOp<Rand>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Rand([2, 3])), Sample.Of(new Rand([0]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), Draw.FloatOr("rand", DType, DTypes.DefaultFloat));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Uniform(y, 0, 1, DType);
}
