namespace AutogradService.Engine.Ops;

/// <summary>Zeros (memory without a value would show what others left there) of a shape, of self's dtype unless another is given.</summary>
[Op("new_empty(self!, size, dtype)", Page = "torch.Tensor.new_empty")]
public sealed partial record NewEmpty(Dims Size, DType? DType = null) : ComputeOp, IOp<NewEmpty>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NewEmpty>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NewEmpty([2, 3]), s.Any(2)), Sample.Of(new NewEmpty([], Engine.DType.Float64), s.Any()), Sample.Of(new NewEmpty([0]), s.Any(2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
