using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Angle of the point (other, self) in radians: atan(self / other) in the right quadrant.</summary>
[Op("atan2(self, other)", InPlace = true)]
public sealed partial record Atan2 : ComputeOp, IOp<Atan2>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Atan2);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Atan2(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Atan2(), s.Positive(5, 3).Transpose(0, 1), s.Any(3, 1)),
        Sample.Of(new Atan2(), s.Positive(), s.Any(2, 2)),
        Sample.Of(new Atan2(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("atan2", x[0], x[1], y, new Kernel());

    // d atan2(y, x) = (x dy - y dx) / (x^2 + y^2): NaN at the origin
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), other = saved.Input(1);
        var scale = (self * self + other * other).Reciprocal();
        return grad * (input == 0 ? other : -self) * scale;
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(Math.Atan2(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}
