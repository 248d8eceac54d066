using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product with a logarithm: self * log(other), 0 where self is 0 and other is not NaN.</summary>
[Op("xlogy(self~, other~)", InPlace = true)]
public sealed partial record Xlogy : ComputeOp, IOp<Xlogy>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => double.IsNaN(b) ? b : a == 0 ? 0 : a * Math.Log(b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Xlogy(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Xlogy(), s.Strided(3, 5), s.Positive(3, 1)),
        Sample.Of(new Xlogy(), s.Number(2L), s.Positive(2, 2)),
        Sample.ForwardOnly(new Xlogy(), s.Values(Shape.Of(3), 0, 0, 1), s.Values(Shape.Of(3), 0, double.NaN, 0)),
        Sample.Of(new Xlogy(), s.Any(0, 3), s.Positive(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("xlogy", x[0], x[1], y, new Kernel());

    // d(a log b) = log(b) da + a/b db; zero in a where a = 0 and b <= 0
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), other = saved.Input(1);
        return input == 0 ? grad.Xlogy(other).MaskedFill(self.Eq(0).LogicalAnd(other.Le(0)), 0) : grad * self / other;
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.Equals(a, Vector<T>.Zero) & Vector.Equals(b, b), Vector<T>.Zero, a * VectorMath.Log(b));
    }
}
