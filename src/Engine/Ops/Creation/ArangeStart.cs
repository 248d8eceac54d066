namespace AutogradService.Engine.Ops;

/// <summary>The numbers start, start + 1, ... below end; int64 if all are integers, else float32, unless a dtype is given.</summary>
[Op("arange.start(start, end, dtype)")]
public sealed partial record ArangeStart(Scalar Start, Scalar End, DType? DType = null) : ComputeOp, IOp<ArangeStart>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ArangeStart>((op, _) => Steps.Definition(op.Start, op.End, 1L));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ArangeStart(1L, 5L, s.DType)), Sample.Of(new ArangeStart(0.5, 3L))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Steps.Spec(Start, End, 1L, DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Steps.Write(y, Start, 1L);
}
