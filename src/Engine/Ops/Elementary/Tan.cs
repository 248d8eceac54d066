using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Tangent of x radians.</summary>
[Op("tan(self)", InPlace = true)]
public sealed partial record Tan : ComputeOp, IOp<Tan>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Tan);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Tan(), s.Small(3, 4)), Sample.Of(new Tan(), s.Small()), Sample.Of(new Tan(), s.Small(5, 3).Transpose(0, 1)), Sample.Of(new Tan(), s.Small(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("tan", x[0], y, new Kernel());

    // d tan x = (1 + tan(x)^2) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Output().Square().Add(1));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Tan(x);
    }
}
