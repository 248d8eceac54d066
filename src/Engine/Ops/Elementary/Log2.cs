using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm to base 2.</summary>
[Op("log2(self)", InPlace = true)]
public sealed partial record Log2 : ComputeOp, IOp<Log2>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Log2);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Log2(), s.Positive(3, 4)), Sample.Of(new Log2(), s.Positive()), Sample.Of(new Log2(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Log2(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("log2", x[0], y, new Kernel());

    // d log2 x = dx / (x log 2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(saved.Input(0).Mul(Math.Log(2)));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Log2(x);
    }
}
