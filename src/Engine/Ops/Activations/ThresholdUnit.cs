using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self where it exceeds a limit or is NaN, else a value.</summary>
[Op("threshold(self, threshold, value)", InPlace = true)]
public sealed partial record ThresholdUnit(Scalar Threshold, Scalar Value) : ComputeOp, IOp<ThresholdUnit>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<ThresholdUnit>((op, x) => x <= op.Threshold.Real ? op.Value.Real : x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ThresholdUnit(1L, -3L), s.Any(3, 4)), Sample.Of(new ThresholdUnit(1L, -3L), s.Any()), Sample.Of(new ThresholdUnit(1L, -3L), s.Strided(3, 5)), Sample.Of(new ThresholdUnit(1L, -3L), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) =>
        x[0].DType == DType.Bool ? throw AutogradException.DTypeUnsupported("threshold_cpu", x[0].DType) : new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel(Threshold, Value));

    // The gradient passes where self was kept.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ThresholdBackward(saved.Input(0), Threshold);

    private readonly struct Kernel(Scalar threshold, Scalar value) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector.Create(threshold.To<T>())), Vector.Create(value.To<T>()), x);
    }
}
