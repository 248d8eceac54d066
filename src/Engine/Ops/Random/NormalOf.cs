namespace AutogradService.Engine.Ops;

/// <summary>Normal random numbers of a mean and standard deviation.</summary>
[Op("normal.float_float(mean, std, size, dtype)")]
public sealed partial record NormalOf(double Mean, double Std, Dims Size, DType? DType = null) : ComputeOp, IOp<NormalOf>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks moments, bounds and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NormalOf(1, 2, [2, 3]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), Draw.Deviation(Std, Draw.FloatOr("normal", DType, DTypes.DefaultFloat)));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Draw.Normal(y, Mean, Std);
}
