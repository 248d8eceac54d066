using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Radians to degrees: x 180 / pi.</summary>
[Op("rad2deg(self)", InPlace = true)]
public sealed partial record Rad2deg : ComputeOp, IOp<Rad2deg>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x * 180 / Math.PI);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Rad2deg(), s.Any(3, 4)), Sample.Of(new Rad2deg(), s.Any()), Sample.Of(new Rad2deg(), s.Strided(3, 5)), Sample.Of(new Rad2deg(), s.Any(0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "Rad2DegBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("rad2deg", x[0], y, new Kernel());

    // g 180 / pi
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(180 / Math.PI);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x * T.CreateTruncating(180 / Math.PI);
    }
}
