using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse tangent, in radians.</summary>
[Op("atan(self)", InPlace = true)]
public sealed partial record Atan : ComputeOp, IOp<Atan>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Atan);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atan(), s.Any(3, 4)), Sample.Of(new Atan(), s.Any()), Sample.Of(new Atan(), s.Strided(3, 5)), Sample.Of(new Atan(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("atan", x[0], y, new Kernel());

    // d atan x = dx / (1 + x^2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(saved.Input(0).Square().Add(1));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Atan(x);
    }
}
