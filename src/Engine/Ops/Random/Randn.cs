namespace AutogradService.Engine.Ops;

/// <summary>Standard normal random numbers.</summary>
[Op("randn(size, dtype)")]
public sealed partial record Randn(Dims Size, DType? DType = null) : ComputeOp, IOp<Randn>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Randn([2, 3])), Sample.Of(new Randn([0]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), Draw.FloatOr("randn", DType, DTypes.DefaultFloat));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Normal(y, 0, 1);
}
