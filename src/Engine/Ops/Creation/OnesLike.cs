namespace AutogradService.Engine.Ops;

/// <summary>Ones of self's shape, and of its dtype unless another is given.</summary>
[Op("ones_like(self!, dtype)")]
public sealed partial record OnesLike(DType? DType = null) : ComputeOp, IOp<OnesLike>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(_ => 1);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new OnesLike(), s.Any(2, 3)), Sample.Of(new OnesLike(Engine.DType.Float64), s.Any()), Sample.Of(new OnesLike(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 1L);
}
