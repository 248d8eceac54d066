using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The magnitude of self with the sign of other.</summary>
[Op("copysign(self, other~)", InPlace = true)]
public sealed partial record Copysign : ComputeOp, IOp<Copysign>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.CopySign);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Copysign(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Copysign(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new Copysign(), s.Any(3), s.Number(-1L)),
        Sample.Of(new Copysign(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[0] ? Engine.Saves.Input(0) | Engine.Saves.Output : Engine.Saves.Nothing;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("copysign", x[0], x[1], y, new Kernel());

    // d copysign(a, b) = +-da, the sign that turned a into the result; 0 at 0, and in b
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 1) return saved.Zeros(1);
        var self = saved.Input(0);
        return grad * saved.Output().Div(self).MaskedFill(self.Eq(0), 0);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.CopySign(a, b);
    }
}
