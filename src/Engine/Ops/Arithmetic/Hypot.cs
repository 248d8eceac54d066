using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Length of the hypotenuse: sqrt(self^2 + other^2), without overflow.</summary>
[Op("hypot(self, other)", InPlace = true)]
public sealed partial record Hypot : ComputeOp, IOp<Hypot>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => Math.Sqrt(a * a + b * b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Hypot(), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Hypot(), s.Strided(3, 5), s.Positive(3, 1)),
        Sample.Of(new Hypot(), s.Positive(), s.Any(2, 2)),
        Sample.Of(new Hypot(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output | (needs[0] ? Engine.Saves.Input(0) : default) | (needs[1] ? Engine.Saves.Input(1) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hypot", x[0], x[1], y, new Kernel());

    // d sqrt(a^2 + b^2) = (a da + b db) / sqrt(a^2 + b^2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad * (saved.Input(input) / saved.Output());

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(double.Hypot(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}
