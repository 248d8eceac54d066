using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse sine, in radians; NaN outside [-1, 1].</summary>
[Op("asin(self)", InPlace = true)]
public sealed partial record Asin : ComputeOp, IOp<Asin>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Asin);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Asin(), s.Small(3, 4)), Sample.Of(new Asin(), s.Small()), Sample.Of(new Asin(), s.Small(5, 3).Transpose(0, 1)), Sample.Of(new Asin(), s.Small(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("asin", x[0], y, new Kernel());

    // d asin x = dx / sqrt(1 - x^2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul((1 - saved.Input(0).Square()).Rsqrt());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Asin(x);
    }
}
