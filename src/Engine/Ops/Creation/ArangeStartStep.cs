namespace AutogradService.Engine.Ops;

/// <summary>The numbers start, start + step, ... up to, not including, end; int64 if all are integers, else float32, unless a dtype is given.</summary>
[Op("arange.start_step(start, end, step, dtype)")]
public sealed partial record ArangeStartStep(Scalar Start, Scalar End, Scalar Step, DType? DType = null) : ComputeOp, IOp<ArangeStartStep>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ArangeStartStep>((op, _) => Steps.Definition(op.Start, op.End, op.Step));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ArangeStartStep(1L, 8L, 3L, s.DType)), Sample.Of(new ArangeStartStep(1L, 0L, -0.25)), Sample.Of(new ArangeStartStep(5L, -5L, -3L))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Steps.Spec(Start, End, Step, DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Steps.Write(y, Start, Step);
}
