namespace AutogradService.Engine.Ops;

/// <summary>One value in a shape, in self's dtype unless another is given.</summary>
[Op("new_full(self!, size, fill_value, dtype)", Page = "torch.Tensor.new_full")]
public sealed partial record NewFull(Dims Size, Scalar FillValue, DType? DType = null) : ComputeOp, IOp<NewFull>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NewFull>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => op.FillValue.Real));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NewFull([2, 3], 3L), s.Any(2)), Sample.Of(new NewFull([], 1.5, Engine.DType.Float64), s.Any())];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, FillValue);
}
