namespace AutogradService.Engine.Ops;

/// <summary>Random integers in [low, high); int64 unless a dtype is given.</summary>
[Op("randint.low(low, high, size, dtype)")]
public sealed partial record RandintLow(long Low, long High, Dims Size, DType? DType = null) : ComputeOp, IOp<RandintLow>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new RandintLow(-3, 10, [2, 3]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), Draw.Integers(Low, High, DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Integer(y, Low, High);
}
