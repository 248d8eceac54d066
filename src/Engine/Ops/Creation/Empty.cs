namespace AutogradService.Engine.Ops;

/// <summary>A tensor of zeros: memory without a value would show what others left there, float32 unless a dtype is given.</summary>
[Op("empty(size, dtype)")]
public sealed partial record Empty(Dims Size, DType? DType = null) : ComputeOp, IOp<Empty>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Empty>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Empty([2, 3], s.DType)), Sample.Of(new Empty([])), Sample.Of(new Empty([0, 2]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? DTypes.DefaultFloat);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
