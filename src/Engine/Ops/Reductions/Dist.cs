using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>p-norm of the difference of two tensors that broadcast: |self - other|_p.</summary>
[Op("dist(self, other, p)")]
public sealed partial record Dist(Scalar? P = null) : ComputeOp, IOp<Dist>
{
    private double Order => (P ?? 2L).Real;

    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Dist>((op, x) => LinalgVectorNorm.Reference.Compute(
        new LinalgVectorNorm(op.P), [NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => x[0].Broadcast(i) - x[1].Broadcast(i))])[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new Dist(), s.Any(3, 4), s.Any(3, 4)),
            Sample.Of(new Dist(1L), s.Any(3, 4), s.Any(4)),
            Sample.Of(new Dist(3L), s.Any(3), s.Any()),
            Sample.Of(new Dist(double.PositiveInfinity), s.Any(3), s.Any(3)),
            Sample.Of(new Dist(0L), s.Any(3), s.Any(3)),
        ]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        x.BroadcastShape();
        if (!x.CommonDType.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"norm(): input dtype should be either floating point or complex. Got {x.CommonDType.TorchName} instead.");
        return new(Shape.Scalar, x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        Transfer.Into(x[0].Sub(x[1]).LinalgVectorNorm(P), y);
    }

    // As linalg_vector_norm, of d = self - other; other takes the negative.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        var gradient = LinalgVectorNorm.Backward(grad, saved.Input(0) - saved.Input(1), saved.Output(), Order, null);
        return input == 0 ? gradient : gradient?.Neg();
    }
}
