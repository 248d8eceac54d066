namespace AutogradService.Engine.Ops;

/// <summary>Zeros of a shape, of self's dtype unless another is given.</summary>
[Op("new_zeros(self!, size, dtype)", Page = "torch.Tensor.new_zeros")]
public sealed partial record NewZeros(Dims Size, DType? DType = null) : ComputeOp, IOp<NewZeros>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NewZeros>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NewZeros([2, 3]), s.Any(2)), Sample.Of(new NewZeros([], Engine.DType.Float64), s.Any()), Sample.Of(new NewZeros([0]), s.Any(2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
