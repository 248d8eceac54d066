namespace AutogradService.Engine.Ops;

/// <summary>Ones of a shape, of self's dtype unless another is given.</summary>
[Op("new_ones(self!, size, dtype)", Page = "torch.Tensor.new_ones")]
public sealed partial record NewOnes(Dims Size, DType? DType = null) : ComputeOp, IOp<NewOnes>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NewOnes>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NewOnes([2, 3]), s.Any(2)), Sample.Of(new NewOnes([], Engine.DType.Float64), s.Any()), Sample.Of(new NewOnes([0]), s.Any(2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 1L);
}
