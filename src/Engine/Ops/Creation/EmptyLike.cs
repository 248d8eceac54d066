namespace AutogradService.Engine.Ops;

/// <summary>Zeros (memory without a value would show what others left there) of self's shape, and of its dtype unless another is given.</summary>
[Op("empty_like(self!, dtype)")]
public sealed partial record EmptyLike(DType? DType = null) : ComputeOp, IOp<EmptyLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(_ => 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new EmptyLike(), s.Any(2, 3)), Sample.Of(new EmptyLike(Engine.DType.Float64), s.Any()), Sample.Of(new EmptyLike(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
