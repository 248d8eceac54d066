using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of a sum of exponentials: log(e^self + e^other), without overflow.</summary>
[Op("logaddexp(self, other)")]
public sealed partial record Logaddexp : ComputeOp, IOp<Logaddexp>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Log(Math.Exp(a) + Math.Exp(b)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Logaddexp(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Logaddexp(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new Logaddexp(), s.Any(), s.Any(2, 2)),
        Sample.ForwardOnly(new Logaddexp(), s.Values(Shape.Of(2), double.NegativeInfinity, double.PositiveInfinity), s.Values(Shape.Of(2), double.NegativeInfinity, double.PositiveInfinity)),
        Sample.Of(new Logaddexp(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("logaddexp", x[0], x[1], y, new Kernel());

    // d log(e^a + e^b) = (e^a da + e^b db) / (e^a + e^b), where e^a / (e^a + e^b) = sigmoid(a - b)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad * (saved.Input(input) - saved.Input(1 - input)).Sigmoid();

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            // Equal operands include equal infinities, whose difference is not a number.
            var gap = Vector.ConditionalSelect(Vector.Equals(a, b), Vector<T>.Zero, Vector.Abs(a - b));
            return Vector.Max(a, b) + VectorMath.Log1p(VectorMath.Exp(-gap));
        }
    }
}
