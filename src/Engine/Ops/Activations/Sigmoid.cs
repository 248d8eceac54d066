using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logistic function: 1 / (1 + e^-x).</summary>
[Op("sigmoid(self)", InPlace = true)]
public sealed partial record Sigmoid : ComputeOp, IOp<Sigmoid>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => 1 / (1 + Math.Exp(-x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Sigmoid(), s.Any(3, 4)), Sample.Of(new Sigmoid(), s.Any()), Sample.Of(new Sigmoid(), s.Strided(3, 5)), Sample.Of(new Sigmoid(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("sigmoid", x[0], y, new Kernel());

    // y = sigmoid(x): dy = y (1 - y) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.SigmoidBackward(saved.Output());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Sigmoid(x);
    }
}
