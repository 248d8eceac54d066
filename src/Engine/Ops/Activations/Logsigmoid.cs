using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the sigmoid: -log(1 + e^-x), without overflow.</summary>
[Op("logsigmoid(self)")]
public sealed partial record Logsigmoid : ComputeOp, IOp<Logsigmoid>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => -Math.Log(1 + Math.Exp(-x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Logsigmoid(), s.Any(3, 4)), Sample.Of(new Logsigmoid(), s.Any()), Sample.Of(new Logsigmoid(), s.Strided(3, 5)), Sample.Of(new Logsigmoid(), s.Any(0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "LogSigmoidBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("logsigmoid", x[0], y, new Kernel());

    // d log sigmoid(x) = (1 - sigmoid(x)) dx = sigmoid(-x) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Neg().Sigmoid());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.Min(x, Vector<T>.Zero) - VectorMath.Log1p(VectorMath.Exp(-Vector.Abs(x)));
    }
}
