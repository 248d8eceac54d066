namespace AutogradService.Engine.Ops;

/// <summary>A tensor of ones, float32 unless a dtype is given.</summary>
[Op("ones(size, dtype)")]
public sealed partial record Ones(Dims Size, DType? DType = null) : ComputeOp, IOp<Ones>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Ones>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Ones([2, 3], s.DType)), Sample.Of(new Ones([])), Sample.Of(new Ones([0, 2]))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? DTypes.DefaultFloat);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 1L);
}
