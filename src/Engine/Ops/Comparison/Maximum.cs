using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The larger element of two; NaN if either is.</summary>
[Op("maximum(self, other)")]
public sealed partial record Maximum : ComputeOp, IOp<Maximum>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Max(a, b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Maximum(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Maximum(), s.Any(3, 4), s.Any(3, 1)),
        Sample.Of(new Maximum(), s.Strided(3, 5), s.Any()),
        Sample.ForwardOnly(new Maximum(), s.Values(Shape.Of(3), 1, double.NaN, 2), s.Values(Shape.Of(3), double.NaN, 1, 2)),
        Sample.Of(new Maximum(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    // The gradient goes to the one that was chosen, and halves between two that are equal.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor own = saved.Input(input), other = saved.Input(1 - input);
        return own.Eq(other).Where(grad.Div(2), grad).MaskedFill(own.Lt(other), 0);
    }

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Max(a, b);
    }
}
