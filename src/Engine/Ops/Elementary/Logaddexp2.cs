using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm to base 2 of a sum of powers of 2: log2(2^self + 2^other), without overflow.</summary>
[Op("logaddexp2(self, other)")]
public sealed partial record Logaddexp2 : ComputeOp, IOp<Logaddexp2>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Log2(Math.Pow(2, a) + Math.Pow(2, b)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Logaddexp2(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Logaddexp2(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new Logaddexp2(), s.Any(), s.Any(2, 2)),
        Sample.ForwardOnly(new Logaddexp2(), s.Values(Shape.Of(2), double.NegativeInfinity, double.PositiveInfinity), s.Values(Shape.Of(2), double.NegativeInfinity, double.PositiveInfinity)),
        Sample.Of(new Logaddexp2(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("logaddexp2", x[0], x[1], y, new Kernel());

    // d log2(2^a + 2^b) = (2^a da + 2^b db) / (2^a + 2^b), where 2^a / (2^a + 2^b) = 1 / (1 + 2^(b - a))
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad / ((saved.Input(1 - input) - saved.Input(input)).Exp2() + 1);

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            // Equal operands include equal infinities, whose difference is not a number.
            var gap = Vector.ConditionalSelect(Vector.Equals(a, b), Vector<T>.Zero, Vector.Abs(a - b));
            return Vector.Max(a, b) + VectorMath.Log1p(VectorMath.Exp2(-gap)) * T.CreateTruncating(1 / 0.69314718055994530942);
        }
    }
}
