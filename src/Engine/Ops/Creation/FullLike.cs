namespace AutogradService.Engine.Ops;

/// <summary>One value in self's shape, and in its dtype unless another is given.</summary>
[Op("full_like(self!, fill_value, dtype)")]
public sealed partial record FullLike(Scalar FillValue, DType? DType = null) : ComputeOp, IOp<FullLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<FullLike>((op, _) => op.FillValue.Real);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new FullLike(3L), s.Any(2, 3)), Sample.Of(new FullLike(1.5, Engine.DType.Float64), s.Any()), Sample.Of(new FullLike(2L), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, FillValue);
}
