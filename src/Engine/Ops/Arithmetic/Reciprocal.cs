using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Reciprocal: 1 / x.</summary>
[Op("reciprocal(self)", InPlace = true)]
public sealed partial record Reciprocal : ComputeOp, IOp<Reciprocal>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => 1 / x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Reciprocal(), s.Positive(3, 4)), Sample.Of(new Reciprocal(), s.Positive()), Sample.Of(new Reciprocal(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Reciprocal(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("reciprocal", x[0], y, new Kernel());

    // y = 1/x: dy = -y^2 dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => (grad * saved.Output() * saved.Output()).Neg();

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector<T>.One / x;
    }
}
