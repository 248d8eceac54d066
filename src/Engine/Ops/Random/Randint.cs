namespace AutogradService.Engine.Ops;

/// <summary>Random integers in [0, high); int64 unless a dtype is given.</summary>
[Op("randint(high, size, dtype)")]
public sealed partial record Randint(long High, Dims Size, DType? DType = null) : ComputeOp, IOp<Randint>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Randint(10, [2, 3]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), Draw.Integers(0, High, DType));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Integer(y, 0, High);
}
