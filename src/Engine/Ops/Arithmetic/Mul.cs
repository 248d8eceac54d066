using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product, elementwise: self * other. On truth values, logical and.</summary>
[Op("mul(self~, other~)", InPlace = true)]
public sealed partial record Mul : ComputeOp, IOp<Mul>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    internal override double? Identity(int input) => 1;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a * b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Mul(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Mul(), s.Any(3, 4), s.Any(3, 1)),
        Sample.Of(new Mul(), s.Strided(3, 5), s.Number(3L)),
        Sample.Of(new Mul(), s.Any(), s.Any(2, 2)),
        Sample.Of(new Mul(), s.Any(0, 3), s.Any(3)),
    ];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    // d(ab) = b da + a db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(1 - input));

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }
}
