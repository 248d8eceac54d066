using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zero inside [-lambd, lambd], self outside.</summary>
[Op("hardshrink(self, lambd)")]
public sealed partial record Hardshrink(double Lambd = 0.5) : ComputeOp, IOp<Hardshrink>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Hardshrink>((op, x) => Math.Abs(x) <= op.Lambd ? 0 : x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Hardshrink(), s.Any(3, 4)), Sample.Of(new Hardshrink(), s.Any()), Sample.Of(new Hardshrink(), s.Strided(3, 5)), Sample.Of(new Hardshrink(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hardshrink_cpu", x[0], y, new Kernel(Lambd));

    // The gradient passes outside.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.MaskedFill(saved.Input(0).Abs().Le(Lambd), 0);

    private readonly struct Kernel(double lambd) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(x), Vector.Create(T.CreateTruncating(lambd))), Vector<T>.Zero, x);
    }
}
