namespace AutogradService.Engine.Ops;

/// <summary>A tensor of zeros, float32 unless a dtype is given.</summary>
[Op("zeros(size, dtype)")]
public sealed partial record Zeros(Dims Size, DType? DType = null) : ComputeOp, IOp<Zeros>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Zeros>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Zeros([2, 3], s.DType)), Sample.Of(new Zeros([])), Sample.Of(new Zeros([0, 2]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? DTypes.DefaultFloat);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);
}
