namespace AutogradService.Engine.Ops;

/// <summary>Zeros of self's shape, and of its dtype unless another is given.</summary>
[Op("zeros_like(self!, dtype)")]
public sealed partial record ZerosLike(DType? DType = null) : ComputeOp, IOp<ZerosLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(_ => 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ZerosLike(), s.Any(2, 3)), Sample.Of(new ZerosLike(Engine.DType.Float64), s.Any()), Sample.Of(new ZerosLike(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
