namespace AutogradService.Engine.Ops;

/// <summary>The numbers 0, 1, 2, ... below end; int64 if all are integers, else float32, unless a dtype is given.</summary>
[Op("arange(end, dtype)")]
public sealed partial record Arange(Scalar End, DType? DType = null) : ComputeOp, IOp<Arange>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Arange>((op, _) => Steps.Definition(0L, op.End, 1L));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Arange(5L, s.DType)), Sample.Of(new Arange(2.5)), Sample.Of(new Arange(0L))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Steps.Spec(0L, End, 1L, DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Steps.Write(y, 0L, 1L);
}
