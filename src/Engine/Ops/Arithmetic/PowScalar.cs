using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Power of a number by a tensor: self ^ exponent.</summary>
[Op("pow.Scalar(exponent, self)", Hidden = true)]
public sealed partial record PowScalar(Scalar Self) : ComputeOp, IOp<PowScalar>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<PowScalar>((op, x) => Math.Pow(op.Self.Real, x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new PowScalar(2L), s.Positive(3, 4)),
        Sample.Of(new PowScalar(0.7), s.Positive(5, 3).Transpose(0, 1)),
        Sample.ForwardOnly(new PowScalar(0L), s.Positive()),
        Sample.Of(new PowScalar(1L), s.Positive(3)),
        Sample.Of(new PowScalar(3.0), s.Positive(0)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "PowBackward2";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output | (Self.Real == 0 ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override JvpRule Jvp => JvpRule.Pointwise;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var dtype = DTypes.ResultType(x[0], Self);
        return dtype != DType.Bool ? new(x[0].Shape, dtype) : throw AutogradException.DTypeUnsupported("pow", dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Elementwise.Map(y.Workspace.RawFull(Shape.Scalar, Self, y.DType), y.Workspace.RawCast(x[0], y.DType), y, new Power());
    }

    // y = c^x: dy = y log(c) dx; for c = 0 zero where x is not negative
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var gradient = grad * saved.Output().Mul(Math.Log(Self.Real));
        return Self.Real == 0 ? saved.Input(0).Ge(0).Where(0, gradient) : gradient;
    }
}
