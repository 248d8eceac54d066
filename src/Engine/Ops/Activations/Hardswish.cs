using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Swish made of straight lines and a parabola: x min(max(x + 3, 0), 6) / 6.</summary>
[Op("hardswish(self)", InPlace = true)]
public sealed partial record Hardswish : ComputeOp, IOp<Hardswish>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x * Math.Min(Math.Max(x + 3, 0), 6) / 6);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Hardswish(), s.Between(-5, 5, 3, 4)), Sample.Of(new Hardswish(), s.Any()), Sample.Of(new Hardswish(), s.Strided(3, 5)), Sample.Of(new Hardswish(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hardswish_cpu", x[0], y, new Kernel());

    // Slope 0 below -3, x/3 + 1/2 up to 3, 1 above.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.HardswishBackward(saved.Input(0));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            x * Vector.Min(Vector.Max(x + Vector.Create(T.CreateTruncating(3.0)), Vector<T>.Zero), Vector.Create(T.CreateTruncating(6.0))) / Vector.Create(T.CreateTruncating(6.0));
    }
}
