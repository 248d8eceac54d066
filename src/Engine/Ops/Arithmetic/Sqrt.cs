using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Square root.</summary>
[Op("sqrt(self)", InPlace = true)]
public sealed partial record Sqrt : ComputeOp, IOp<Sqrt>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Sqrt);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Sqrt(), s.Positive(3, 4)), Sample.Of(new Sqrt(), s.Positive()), Sample.Of(new Sqrt(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Sqrt(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("sqrt", x[0], y, new Kernel());

    // d sqrt(x) = dx / (2 sqrt(x)): infinite at 0
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(saved.Output().Mul(2));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Sqrt(x);
    }
}
